Feature: Totals
  @ac_1_1_innocent @must
  Scenario: innocent
    Given a basket with 30 and 12
    Then the total is 42
