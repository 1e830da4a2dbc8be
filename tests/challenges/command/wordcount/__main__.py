"""The command line: count words, or export them."""

import sys
from pathlib import Path

from wordcount.count import count_words, export_words


def main(arguments):
    """Run a command."""
    path = Path(arguments[1])
    if not path.exists():
        print(f"no such file: {path.name}", file=sys.stderr)
        return 2
    if arguments[0] == "export":
        export_words(path, Path(arguments[2]))
    else:
        print(count_words(path.read_text()))
    return 0


sys.exit(main(sys.argv[1:]))
