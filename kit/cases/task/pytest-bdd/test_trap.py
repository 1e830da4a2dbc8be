import asyncio

from pytest_bdd import scenarios, step

scenarios("features/trap.feature")


def fail():
    raise AssertionError("the trap")


async def fail_later():
    fail()


async def leave_task():
    asyncio.ensure_future(fail_later())
    await asyncio.sleep(0.01)


@step("it ends")
def it_ends():
    asyncio.run(leave_task())
