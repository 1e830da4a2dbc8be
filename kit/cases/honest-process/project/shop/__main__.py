import sys

from shop.basket import Basket

basket = Basket()
for price in sys.argv[2:]:
    basket.add(int(price))
print(basket.discounted(int(sys.argv[1])))
