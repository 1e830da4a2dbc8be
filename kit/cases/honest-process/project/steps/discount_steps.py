import subprocess
import sys

from behave import then, when


@when("a discount of {percent:d} percent is taken off")
def a_discount_is_taken_off(context, percent):
    command = [sys.executable, "-m", "shop", str(percent), *map(str, context.basket.prices)]
    context.paid = int(subprocess.run(command, capture_output=True, check=True).stdout)


@then("{amount:d} has to be paid")
def has_to_be_paid(context, amount):
    assert context.paid == amount
