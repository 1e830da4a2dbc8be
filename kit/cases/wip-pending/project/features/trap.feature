Feature: Trap
  @ac_1_1_trap @must
  @wip
  Scenario: trap
    Then it is pending
