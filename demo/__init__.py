"""Fills the log as residents would: by asking the running bot."""
