"""The log: what residents asked and were told, masked; what they want of staff. Knows nothing of Rasa."""
