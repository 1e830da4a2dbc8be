"""Stories of BMAD are recognized in any language, and other files beside them are not taken for stories."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.dialects.registry import find_dialect
from spec2bdd.domain.specs.parser import parse_spec

STORIES = {
    "portuguese": ("docs/stories/1.1.story.md", "# História 1.1: Multas\n\n## Critérios de Aceitação\n\n1. Há uma\n"),
    "spanish": ("docs/stories/1.2.multas.md", "# Historia 1.2: Multas\n\n## Criterios de Aceptación\n\n1. Hay una\n"),
    "several-words": (
        "docs/stories/a.md",
        "# Historia de usuario 1.2: A\n\n## Criterios de Aceptación\n\n1. Hay una\n",
    ),
    "german": ("docs/stories/1.3.story.md", "# Gebühren\n\n## Akzeptanzkriterien\n\n1. Es gibt eine\n"),
    "chinese": ("_bmad-output/1-1-a.md", "# 故事 1.1：罚款\n\n## 验收标准\n\n1. 显示罚款\n"),
    "a-title-of-level-3": (
        "docs/stories/1.6.story.md",
        "### Story 1.6: A\n\n#### Acceptance Criteria\n\n1. A fine is shown\n",
    ),
}


@pytest.mark.parametrize(("path", "text"), STORIES.values(), ids=STORIES)
def test_a_story_in_another_language_is_a_spec_whose_criteria_are_read(path: str, text: str) -> None:
    assert find_dialect("bmad").detects(path, text)
    spec = parse_spec(path, text.encode())
    assert (spec.dialect, len(spec.criteria)) == ("bmad", 1)


def test_the_criteria_of_a_story_under_a_label_are_reported() -> None:
    text = "# História 1.1: Multas\n\n**Status:** Draft\n\n**Critérios de Aceitação:**\n1. Há uma\n2. Há duas\n"
    spec = parse_spec("docs/stories/1.1.story.md", text.encode())
    assert spec.dialect == "bmad"
    assert "unread-criterion" in [found.code for found in spec.diagnostics]


OTHERS = {
    "an-epic": ("docs/stories/epic-1.md", "# Epic 1: Fines\n\n**Acceptance Criteria:**\n\n- A fine is shown\n"),
    "a-report": ("docs/stories/1.1.qa-report.md", "# História 1.1: Multas\n\n## Critérios de Aceitação\n\n1. Há uma\n"),
    "success": ("docs/stories/1.1.story.md", "# História 1.1: Multas\n\n## Success Criteria\n\n- Há uma\n"),
    "no-criteria": ("docs/stories/1.1.story.md", "# História 1.1: Multas\n\n## Notas\n\n- Há uma\n"),
}


@pytest.mark.parametrize(("path", "text"), OTHERS.values(), ids=OTHERS)
def test_another_file_in_the_folder_of_stories_is_none(path: str, text: str) -> None:
    assert not find_dialect("bmad").detects(path, text)
