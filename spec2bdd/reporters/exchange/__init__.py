"""The formats of other tools: test reports, spreadsheets and badges, made of the verdicts of criteria."""
