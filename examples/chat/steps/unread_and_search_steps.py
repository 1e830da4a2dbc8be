"""Steps for specs/1.2-unread-and-search.md."""

from behave import given, then, when
from behave.runner import Context


def count_all_unread(context: Context) -> dict[str, int]:
    """Return the unread count of every member of the room."""
    return {member: context.store.count_unread("lunch", member) for member in ("Ana", "Ben", "Cleo")}


@when("a message is posted")
def a_message_is_posted(context: Context) -> None:
    """Post as Ana, to a room where one message is already, and remember the counts from before."""
    context.store.post_message("lunch", author="Ben", text="Who is in?")
    context.unread_before = count_all_unread(context)
    context.store.post_message("lunch", author="Ana", text="Lunch at noon?")


@then("the unread count of every other member grows by {count:d}")
def the_unread_count_grows(context: Context, count: int) -> None:
    """Compare the counts of those who did not write; Ana has seen the room when she writes in it."""
    before, after = context.unread_before, count_all_unread(context)
    assert {name: after[name] - before[name] for name in ("Ben", "Cleo")} == {"Ben": count, "Cleo": count}, after
    assert after["Ana"] == 0, after


@then("reading a room sets its unread count to {count:d}")
def reading_sets_the_unread_count(context: Context, count: int) -> None:
    """Read as Ben, and see that Cleo's count stays."""
    context.store.post_message("lunch", author="Ana", text="Lunch at noon?")
    context.store.post_message("lunch", author="Ana", text="Or at one?")
    context.store.read_room("lunch", "Ben")
    assert count_all_unread(context) == {"Ana": 0, "Ben": count, "Cleo": 2}, count_all_unread(context)


@then('searching for "{words}" finds the message "{text}"')
def searching_finds_the_message(context: Context, words: str, text: str) -> None:
    """Search among messages of which one is meant."""
    context.store.post_message("lunch", author="Ana", text=text)
    context.store.post_message("lunch", author="Ben", text="Yes")
    found = [message.text for message in context.store.search_messages("Cleo", words)]
    assert found == [text], f'the search for "{words}" found {found}'


@then("a search never shows messages from rooms that the searcher has not joined")
def a_search_shows_joined_rooms_only(context: Context) -> None:
    """Let Ana write the same in two rooms, of which Ben has joined one."""
    context.store.create_room("surprise")
    context.store.join_room("surprise", "Ana")
    for room in ("surprise", "lunch"):
        context.store.post_message(room, author="Ana", text="cake for Ben")
    found = {name: {message.room for message in context.store.search_messages(name, "cake")} for name in ("Ana", "Ben")}
    assert found == {"Ana": {"lunch", "surprise"}, "Ben": {"lunch"}}, found


@given("a room with {count:d} unread messages")
def a_room_with_unread_messages(context: Context, count: int) -> None:
    """Post as Ana what the others have not read."""
    context.posted = [context.store.post_message("lunch", author="Ana", text=f"Idea {n}") for n in range(count)]
    assert context.store.count_unread("lunch", "Ben") == count


@when("a member marks the second as read")
def a_member_marks_the_second_as_read(context: Context) -> None:
    """Mark as Ben."""
    context.store.mark_read("lunch", "Ben", number=context.posted[1].number)


@then("{count:d} message is unread")
def one_message_is_unread(context: Context, count: int) -> None:
    """Count as Ben."""
    unread = context.store.count_unread("lunch", "Ben")
    assert unread == count, f"{unread} are unread"
