"""Touch the disk: find and read files, and write planned changes so that each file is old or new, whole."""

from spec2bdd.adapters.system.files.discovery import find_files, find_unreadable, read_file
from spec2bdd.adapters.system.files.temp_files import sweep_folders
from spec2bdd.adapters.system.files.writer import Written, write_changes
from spec2bdd.adapters.system.lock import hold

__all__ = ["Written", "find_files", "find_unreadable", "hold", "read_file", "sweep_folders", "write_changes"]
