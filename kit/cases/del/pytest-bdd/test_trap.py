from pytest_bdd import scenarios, step

scenarios("features/trap.feature")


def fail():
    raise AssertionError("the trap")


class Dirty:
    def __del__(self):
        fail()


@step("it ends")
def it_ends():
    Dirty()
