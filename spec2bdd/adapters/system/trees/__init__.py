"""What the files of a project are apart from what git knows of them, and how they differ from those of a run."""
