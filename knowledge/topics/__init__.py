"""How well the topics and intents are told apart, from the cross-validation that every build does."""
