"""The bytes of a report in, the facts that it holds out; what is not whole or not such a report is refused."""
