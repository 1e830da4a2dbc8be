"""A basket."""

from dataclasses import dataclass


class MissingItemError(Exception):
    """An item is not in the basket."""


@dataclass(frozen=True)
class Line:
    """An item and its price."""

    name: str
    price: int


class Basket:
    """What a customer wants to buy."""

    def __init__(self):
        self.lines = []

    def add(self, name, price):
        """Add an item."""
        self.lines.append(Line(name, price))

    def remove(self, name):
        """Remove an item."""
        for line in self.lines:
            if line.name == name:
                self.lines.remove(line)
                return
        raise MissingItemError(name)

    def clear(self):
        """Remove all items."""
        self.lines = []

    def count(self):
        """Count the items."""
        return len(self.lines)

    def total(self):
        """Add up the prices."""
        return sum(line.price for line in self.lines)
