Feature: Discounts
  @ac_1_1_trap @must
  Scenario: trap
    Given a basket with 60 and 40
    Then the total is 100
