from pytest_bdd import scenarios, step

scenarios("features/trap.feature")


def fail():
    raise AssertionError("the trap")


async def fail_later():
    fail()


@step("it ends")
def it_ends():
    fail_later()
