import subprocess
import sys

from pytest_bdd import parsers, scenarios, then, when

scenarios("features/trap.feature")


@when(parsers.parse("a discount of {percent:d} percent is taken off"))
def a_discount_is_taken_off(context, percent):
    command = [sys.executable, "-m", "shop", str(percent), *map(str, context.basket.prices)]
    context.paid = int(subprocess.run(command, capture_output=True, check=True).stdout)


@then(parsers.parse("{amount:d} has to be paid"))
def has_to_be_paid(context, amount):
    assert context.paid == amount
