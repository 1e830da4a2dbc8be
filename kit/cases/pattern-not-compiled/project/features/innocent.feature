Feature: Innocent
  @ac_1_1_innocent @must
  Scenario: innocent
    Then it works
