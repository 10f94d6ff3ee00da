"""The overview of topics: how well they are told apart, and the examples that get in the way."""
