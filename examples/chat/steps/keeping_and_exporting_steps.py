"""Steps for specs/1.3-keeping-and-exporting.md."""

from datetime import timedelta

from behave import given, then, when
from behave.runner import Context

from chatstore import ChatError, Store


def post_some(context: Context) -> None:
    """Post two messages and edit one."""
    first = context.store.post_message("lunch", author="Ana", text="Lunch at noon?")
    context.store.post_message("lunch", author="Ben", text="Yes, 🍜\nand tea")
    context.store.edit_message("lunch", first.number, editor="Ana", text="Lunch at one?")


@then("every message is still there after the program was stopped and started again")
def every_message_is_still_there(context: Context) -> None:
    """Open the same file with a second store."""
    post_some(context)
    before = context.store.list_messages("lunch")
    after = Store(context.path).list_messages("lunch")
    assert [message.text for message in after] == ["Lunch at one?", "Yes, 🍜\nand tea"], after
    assert after == before, after


@given("a message file whose line {number:d} is damaged")
def a_damaged_message_file(context: Context, number: int) -> None:
    """Cut the end off one line, in the middle of the file."""
    post_some(context)
    lines = context.path.read_bytes().splitlines(keepends=True)
    assert number < len(lines)
    lines[number - 1] = lines[number - 1][:10] + b"\n"
    context.damaged = b"".join(lines)
    context.path.write_bytes(context.damaged)


@when("the store is opened")
def the_store_is_opened(context: Context) -> None:
    """Open it, and remember what it says if it refuses."""
    context.refusal = ""
    try:
        Store(context.path)
    except ChatError as error:
        context.refusal = str(error)


@then('it refuses with "{words}"')
def it_refuses(context: Context, words: str) -> None:
    """Compare the words."""
    assert words in context.refusal, f"the store said: {context.refusal!r}"


@then("the file is left as it was")
def the_file_is_left_as_it_was(context: Context) -> None:
    """Compare every byte."""
    assert context.path.read_bytes() == context.damaged


@when("the program stops in the middle of writing")
def the_program_stops_in_the_middle_of_writing(context: Context) -> None:
    """Leave the first half of a record at the end of the file, as a crash would."""
    post_some(context)
    context.before = context.store.list_messages("lunch")
    record = context.path.read_bytes().splitlines()[-1]
    with context.path.open("ab") as file:
        file.write(record[: len(record) // 2])


@then("every message before it is kept")
def every_message_before_it_is_kept(context: Context) -> None:
    """Open the file, post once more, and open it again: what was cut off must not spoil the next line."""
    store = Store(context.path, clock=lambda: context.now)
    assert store.list_messages("lunch") == context.before
    message = store.post_message("lunch", author="Cleo", text="Back again")
    assert Store(context.path).list_messages("lunch") == (*context.before, message)


@then("a room that keeps messages for {days:d} days forgets older ones for good")
def a_room_forgets_older_messages(context: Context, days: int) -> None:
    """Post before and after the limit, and look for the old text in the file too."""
    today = context.now
    for age, text in ((days + 1, "the old menu"), (days - 1, "the new menu")):
        context.now = today - timedelta(days=age)
        context.store.post_message("lunch", author="Ana", text=text)
    context.now = today
    context.store.keep_messages_for("lunch", days)
    assert context.store.forget_old_messages() == 1
    assert [message.text for message in Store(context.path).list_messages("lunch")] == ["the new menu"]
    assert "the old menu" not in context.path.read_text(encoding="utf-8")


@then("an export shows the latest wording of an edited message, never the earlier one")
def an_export_shows_the_latest_wording(context: Context) -> None:
    """Compare the whole page."""
    post_some(context)
    page = context.store.export_room("lunch")
    expected = "- 2026-05-04 12:00 **Ana**: Lunch at one? (edited)\n- 2026-05-04 12:00 **Ben**: Yes, 🍜 and tea\n"
    assert page == f"# lunch\n\n{expected}", page
