import subprocess
import sys
import tempfile
from pathlib import Path

from behave import then


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "wordcount", *arguments], capture_output=True, text=True)


def write(text):
    path = Path(tempfile.mkdtemp()) / "text"
    path.write_text(text)
    return path


@then("the words of a text are counted")
def the_words_are_counted(context):
    result = run("count", str(write("one two three")))
    assert result.stdout.strip() == "3", result.stderr


@then("a file that is not there is an error")
def a_missing_file(context):
    result = run("count", "/nowhere/text")
    assert result.returncode == 2


@then("an export is a file with one line for each word")
def an_export(context):
    source = write("one two")
    target = source.parent / "words"
    run("export", str(source), str(target))
    assert target.read_text() == "one\ntwo\n"
