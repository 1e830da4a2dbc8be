from behave import given, then

from shop.basket import Basket


@given("a basket with {first:d} and {second:d}")
def a_basket(context, first, second):
    context.basket = Basket()
    context.basket.add(first)
    context.basket.add(second)


@then("the total is {total:d}")
def the_total_is(context, total):
    assert context.basket.total() == total
