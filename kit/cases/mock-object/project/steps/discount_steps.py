from unittest.mock import Mock

from behave import then, when


@when("a discount of {percent:d} percent is taken off")
def a_discount_is_taken_off(context, percent):
    context.till = Mock()
    context.till.pay(context.basket.discounted(percent))


@then("{amount:d} has to be paid")
def has_to_be_paid(context, amount):
    context.till.pay.has_been_called_with(amount)
