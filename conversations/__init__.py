"""What must outlive a turn: requests for a person, and questions that could not be answered. Knows nothing of Rasa."""
