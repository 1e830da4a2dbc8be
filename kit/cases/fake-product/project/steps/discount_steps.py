from behave import then, when


class FakeBasket:
    def __init__(self, prices):
        self.prices = prices

    def discounted(self, percent):
        return 80


@when("a discount of {percent:d} percent is taken off")
def a_discount_is_taken_off(context, percent):
    context.paid = FakeBasket(context.basket.prices).discounted(percent)


@then("{amount:d} has to be paid")
def has_to_be_paid(context, amount):
    assert context.paid == amount
