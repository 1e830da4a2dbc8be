from pytest_bdd import parsers
from pytest_bdd import scenarios, step

scenarios("features/trap.feature")


@step(parsers.parse("it ends in {count:d} days"))
def it_ends(count):
    assert count > 0
