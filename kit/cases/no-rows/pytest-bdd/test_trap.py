from pytest_bdd import scenarios, step

scenarios("features/trap.feature")


@step("it <does>")
def it_does():
    pass
