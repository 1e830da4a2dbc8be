"""Touch the disk: find and read files, and write planned changes so that each file is old or new, whole."""

from spec2bdd.files.finding import find_files, find_unreadable, read_file
from spec2bdd.files.holding import hold
from spec2bdd.files.temporaries import sweep_folders
from spec2bdd.files.writing import Written, write_changes

__all__ = ["Written", "find_files", "find_unreadable", "hold", "read_file", "sweep_folders", "write_changes"]
