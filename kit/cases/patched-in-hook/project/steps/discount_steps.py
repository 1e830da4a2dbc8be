from behave import then, when


@when("a discount of {percent:d} percent is taken off")
def a_discount_is_taken_off(context, percent):
    context.paid = context.basket.discounted(percent)


@then("{amount:d} has to be paid")
def has_to_be_paid(context, amount):
    assert context.paid == amount
