"""The bytes of another tool's report in, what it says of scenarios out; what is not whole or no report is refused."""
