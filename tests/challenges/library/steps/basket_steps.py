from behave import then
from shop.basket import Basket, MissingItemError


@then("an item that is added is counted")
def an_item_is_counted(context):
    basket = Basket()
    basket.add("tea", 3)
    assert basket.count() == 1


@then("removing an item that is not there is refused")
def removing_is_refused(context):
    basket = Basket()
    refused = False
    try:
        basket.remove("tea")
    except MissingItemError:
        refused = True
    assert refused


@then("the total is the sum of all prices")
def the_total(context):
    basket = Basket()
    basket.add("tea", 3)
    basket.add("milk", 2)
    total = basket.total()
    assert total == 5, total


@then("an emptied basket holds nothing")
def an_emptied_basket(context):
    basket = Basket()
    basket.add("tea", 3)
    basket.clear()
    # An attribute, and no call: only a change of the code shows whether it is checked.
    assert basket.lines == []
