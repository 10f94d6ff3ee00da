"""From a question to a finding: signals, ranking, outcomes."""
