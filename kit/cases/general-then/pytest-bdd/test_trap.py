from pytest_bdd import parsers, then
from pytest_bdd import scenarios, step

scenarios("features/trap.feature")


@step("the trap shuts")
def the_trap_shuts():
    raise AssertionError("the trap")


@then(parsers.parse("the {thing} shuts"))
def the_thing_shuts(thing):
    assert thing
