"""Find steps and Gherkin that are part of no criterion."""
