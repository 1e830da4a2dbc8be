Feature: Trap
  @ac_1_1_trap @must
  Scenario: trap
    Then it ends
