"""Results of scenarios that other tools report, in JUnit XML or in the JSON of Cucumber and Behave."""
