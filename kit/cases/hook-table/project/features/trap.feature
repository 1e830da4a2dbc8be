Feature: Trap
  @ac_1_1_trap @must
  Scenario: trap
    Then all rows are good
      | row  |
      | good |
      | bad  |
