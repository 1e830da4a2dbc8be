from types import SimpleNamespace

import pytest
from pytest_bdd import given, parsers, then

from shop.basket import Basket


@pytest.fixture
def context():
    return SimpleNamespace()


@given(parsers.parse("a basket with {first:d} and {second:d}"))
def a_basket(context, first, second):
    context.basket = Basket()
    context.basket.add(first)
    context.basket.add(second)


@then(parsers.parse("the total is {total:d}"))
def the_total_is(context, total):
    assert context.basket.total() == total
