import os

from pytest_bdd import scenarios, step

scenarios("features/trap.feature")


@step("it ends")
def it_ends():
    child = os.fork()
    assert child >= 0
    if child:
        os.waitpid(child, 0)
