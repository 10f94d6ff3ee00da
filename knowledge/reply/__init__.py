"""From a finding to an answer: decided, composed, worded."""
