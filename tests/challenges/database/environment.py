import shutil
import tempfile
from pathlib import Path

from notes.store import NoteStore


def before_scenario(context, scenario):
    context.path = Path(tempfile.mkdtemp()) / "notes.db"
    context.store = NoteStore(context.path)


def after_scenario(context, scenario):
    context.store.close()
    shutil.rmtree(context.path.parent)
