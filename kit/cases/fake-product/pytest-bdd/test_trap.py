from pytest_bdd import parsers, scenarios, then, when

scenarios("features/trap.feature")


class FakeBasket:
    def __init__(self, prices):
        self.prices = prices

    def discounted(self, percent):
        return 80


@when(parsers.parse("a discount of {percent:d} percent is taken off"))
def a_discount_is_taken_off(context, percent):
    context.paid = FakeBasket(context.basket.prices).discounted(percent)


@then(parsers.parse("{amount:d} has to be paid"))
def has_to_be_paid(context, amount):
    assert context.paid == amount
