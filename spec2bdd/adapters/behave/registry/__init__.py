"""Ask Behave's step registry which steps are defined."""
