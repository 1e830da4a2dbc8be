"""Steps for rooms and messages: posting, joining and editing."""

from collections.abc import Callable

from behave import given, then, when
from behave.runner import Context

from chatstore import ChatError


def find_refusal(call: Callable[..., object], *places: object, **values: object) -> str:
    """Return the words with which the store refuses a call, or nothing if it accepts it."""
    try:
        call(*places, **values)
    except ChatError as error:
        return str(error)
    return ""


@then("a message posted to a room is read back with its author, its text and its time")
def a_message_is_read_back(context: Context) -> None:
    """Post as one member, read as another."""
    context.store.post_message("lunch", author="Ana", text="Lunch at noon?")
    (message,) = context.store.read_room("lunch", "Ben")
    assert (message.author, message.text, message.posted) == ("Ana", "Lunch at noon?", context.now), message


@then("a message of {length:d} characters is accepted in every language")
def a_message_is_accepted_in_every_language(context: Context, length: int) -> None:
    """Post letters that take one, two, three and four bytes."""
    for letter in "nñ語🍜":
        text = letter * length
        refusal = find_refusal(context.store.post_message, "lunch", author="Ana", text=text)
        assert not refusal, f'{length} times "{letter}" was refused: {refusal}'
        assert context.store.list_messages("lunch")[-1].text == text


@then('a message of more than {limit:d} characters is refused with "{words}"')
def a_longer_message_is_refused(context: Context, limit: int, words: str) -> None:
    """Post one character too many."""
    refusal = find_refusal(context.store.post_message, "lunch", author="Ana", text="n" * (limit + 1))
    assert words in refusal, f"the store said: {refusal!r}"
    assert not context.store.list_messages("lunch"), "the message was refused, but posted"


@then('posting to a room that does not exist is refused with "{words}"')
def posting_to_no_room_is_refused(context: Context, words: str) -> None:
    """Post to a room that does not exist, and see that none is made by it."""
    before = context.path.read_bytes()
    refusal = find_refusal(context.store.post_message, "dinner", author="Ana", text="Anyone?")
    assert words in refusal, f"the store said: {refusal!r}"
    assert context.path.read_bytes() == before, "the message was refused, but stored"


@when("someone who is not a member posts to a room")
def a_stranger_posts(context: Context) -> None:
    """Post as Dan, who has joined no room."""
    context.refusal = find_refusal(context.store.post_message, "lunch", author="Dan", text="Hello")


@then('the message is refused with "{words}"')
def the_message_is_refused(context: Context, words: str) -> None:
    """Compare the words, and see that nothing was posted."""
    assert words in context.refusal, f"the store said: {context.refusal!r}"
    assert not context.store.list_messages("lunch"), "the message was refused, but posted"


@given('Ana posted "{first}" and Ben posted "{second}"')
def ana_and_ben_posted(context: Context, first: str, second: str) -> None:
    """Post two messages."""
    context.store.post_message("lunch", author="Ana", text=first)
    context.store.post_message("lunch", author="Ben", text=second)


@when('Ana edits her message to "{text}"')
def ana_edits_her_message(context: Context, text: str) -> None:
    """Edit the first message that Ana wrote."""
    number = next(message.number for message in context.store.list_messages("lunch") if message.author == "Ana")
    context.store.edit_message("lunch", number, editor="Ana", text=text)


@then('the room reads "{first}" and then "{second}"')
def the_room_reads(context: Context, first: str, second: str) -> None:
    """Read the room as a third member."""
    texts = [message.text for message in context.store.read_room("lunch", "Cleo")]
    assert texts == [first, second], texts


@then("only the first message is marked as edited")
def only_the_first_message_is_marked(context: Context) -> None:
    """Compare the marks of both messages."""
    marks = [message.edited for message in context.store.list_messages("lunch")]
    assert marks == [True, False], marks


@then("Ben cannot edit her message")
def ben_cannot_edit_her_message(context: Context) -> None:
    """Let Ben try, and see that the text stays."""
    before = context.store.list_messages("lunch")
    refusal = find_refusal(context.store.edit_message, "lunch", before[0].number, editor="Ben", text="No lunch")
    assert "not your message" in refusal, f"the store said: {refusal!r}"
    assert context.store.list_messages("lunch") == before
