import sqlite3

from behave import then


def read_texts(context):
    connection = sqlite3.connect(context.path)
    try:
        return [text for (text,) in connection.execute("select text from notes order by id").fetchall()]
    finally:
        connection.close()


@then("a note is stored with its text")
def a_note_is_stored(context):
    context.store.add("buy milk")
    texts = read_texts(context)
    assert texts == ["buy milk"]


@then("the notes are listed from the newest")
def notes_are_listed(context):
    context.store.add("first")
    context.store.add("second")
    assert context.store.list_newest() == ["second", "first"]


@then("a deleted note is gone")
def a_deleted_note(context):
    context.store.add("first")
    context.store.delete("first")
    assert read_texts(context) == []
