"""The false-tick kit: small projects whose true verdicts are known, and what tools report about them."""
