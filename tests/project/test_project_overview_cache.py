"""The overview that is kept is that of the files which the last run has loaded, also where git ignores them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tree_repository import make_repository, write_files

from spec2bdd.config import Config, read_config
from spec2bdd.project.cache.overview_cache import compute_overview_key


def test_the_key_changes_with_a_python_file_that_the_run_has_loaded_although_git_ignores_it(tmp_path: Path) -> None:
    root = make_repository(tmp_path, {".gitignore": "local/\n.spec2bdd/\n"})
    record = {"fingerprint": {"changed": {"local/settings.py": "1"}}}
    write_files(root, {"local/settings.py": "", "local/other.py": "", ".spec2bdd/records.ndjson": json.dumps(record)})
    before = compute_overview_key(Config(root))
    write_files(root, {"local/other.py": "A = 1\n"})
    assert compute_overview_key(Config(root)) == before
    write_files(root, {"local/settings.py": "A = 1\n"})
    assert compute_overview_key(Config(root)) != before


@pytest.mark.parametrize(
    ("settings", "known"),
    [
        ("", True),
        ('require-red = "history"\n', True),
        ('require-red = "base"\n', False),
        ('[done]\nTested = { tags = ["@slow"] }\n', True),
        ('[done]\nTested = { criteria = ["must"] }\n', True),
        ('[done]\nTested = { junit = "a.xml" }\n', False),
        ('[done]\nTested = { file = "a.txt", since = "main" }\n', False),
    ],
)
def test_there_is_no_key_where_an_overview_depends_on_more_than_files_of_the_project(
    tmp_path: Path, settings: str, known: bool
) -> None:
    write_files(tmp_path, {"spec2bdd.toml": settings})
    assert (compute_overview_key(read_config(tmp_path)) is not None) == known
