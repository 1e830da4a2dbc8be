Feature: Trap
 Rule: r
  Background: b
    Given it fails

  @ac_1_1_trap @must
  Scenario: trap
    Then it works
