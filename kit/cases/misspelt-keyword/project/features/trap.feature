Feature: Trap
  Scenarioo: trap
    It fails

  Scenario: other
    Then it works
