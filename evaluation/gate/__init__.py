"""The gate before promotion: a candidate release against the one that serves, asked over REST, question by question."""
