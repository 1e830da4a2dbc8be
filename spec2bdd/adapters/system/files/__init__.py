"""Find, read and write files; each file that is written is either the old or the new one, never half of it."""

from spec2bdd.adapters.system.files.discovery import (
    find_base,
    find_files,
    find_matching,
    find_unreadable,
    match_listed,
    read_file,
)
from spec2bdd.adapters.system.files.lazy_files import LazyFiles
from spec2bdd.adapters.system.files.regular_files import open_file
from spec2bdd.adapters.system.files.targets import describe_write_error
from spec2bdd.adapters.system.files.temp_files import has_temp_files, remove_stale_temp_files
from spec2bdd.adapters.system.files.writer import WriteResult, write_changes
from spec2bdd.adapters.system.lock import folder_lock

__all__ = [
    "LazyFiles",
    "WriteResult",
    "describe_write_error",
    "find_base",
    "find_files",
    "find_matching",
    "find_unreadable",
    "folder_lock",
    "has_temp_files",
    "match_listed",
    "open_file",
    "read_file",
    "remove_stale_temp_files",
    "write_changes",
]
