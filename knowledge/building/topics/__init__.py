"""How well topics and intents are told apart, measured at the build."""
