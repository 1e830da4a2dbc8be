class Basket:
    def __init__(self):
        self.prices = []

    def add(self, price):
        self.prices.append(price)

    def total(self):
        return sum(self.prices)

    def discounted(self, percent):
        return self.total() * (100 - percent) // 100
