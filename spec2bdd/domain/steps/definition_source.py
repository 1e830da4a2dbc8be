"""Cut the code of one step definition out of its module, for people to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_FUNCTION = ("def ", "async def ")
# Of a longer one, the beginning shows what it does.
_MOST_LINES = 60


def cut_definition(modules: Mapping[str, Sequence[str]], location: str) -> str:
    """Cut out the function whose decorators, or whose `def`, begin at a location such as `steps/a.py:3`.

    `modules` has the lines of each module by its path. Where no function begins, nothing is cut out.
    """
    path, _, line = location.rpartition(":")
    lines, first = modules.get(path, ()), int(line) if line.isdigit() else 0
    if not 0 < first <= len(lines) or not lines[first - 1].startswith(("@", *_FUNCTION)):
        return ""
    code: list[str] = []
    is_in_body = False
    for line in lines[first - 1 :]:
        # A closing bracket ends a decorator or a list of parameters, a quote a text of several lines.
        is_outside = line.strip() != "" and not line[0].isspace() and line[0] not in ")]}#\"'"
        if is_in_body and is_outside:
            break
        is_in_body = is_in_body or line.startswith(_FUNCTION)
        code.append(line)
    while code and (not code[-1].strip() or code[-1].startswith("#")):
        code.pop()
    if not is_in_body:
        return ""
    return "\n".join([*code[:_MOST_LINES], *(["    ..."] if len(code) > _MOST_LINES else [])])
