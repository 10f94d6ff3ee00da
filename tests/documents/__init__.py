"""An invented successor of the plan, and a store of it that is made in seconds: tests of several documents stand on it."""
