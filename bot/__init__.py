"""What runs inside the Rasa server: NLU components, channels, the event broker."""
