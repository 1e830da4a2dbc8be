Feature: Discounts
  @ac_1_1_trap @must
  Scenario: trap
    Given a basket with 60 and 40
    When a discount of 20 percent is taken off
    Then 80 has to be paid
