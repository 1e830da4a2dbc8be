import os

from pytest_bdd import scenarios, step

scenarios("features/trap.feature")


@step("it ends")
def it_ends():
    os.closerange(3, 10_000)
