Feature: Discounts
  @ac_1_1_trap @must
  Scenario Outline: trap
    Given a basket with 60 and 40
    When a discount of <percent> percent is taken off
    Then <amount> has to be paid

    Examples:
      | percent | amount |
      | 20      | 80     |
      | 50      | 50     |
