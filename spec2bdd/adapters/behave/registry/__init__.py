"""Ask Behave's step registry, in a process of its own, which steps are defined and which patterns are free."""
