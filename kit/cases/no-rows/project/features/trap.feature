Feature: Trap
  @ac_1_1_trap @must
  Scenario Outline: trap
    Then it <does>

    Examples:
      | does |
