Feature: Discounts
  Scenario: less is paid
    Given a basket with 60 and 40
    When a discount of 20 percent is taken off
    Then 80 has to be paid
