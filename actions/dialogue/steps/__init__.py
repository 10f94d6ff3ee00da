"""The steps of the dialogue: each replies to an utterance that is its business, or leaves it to the next. None knows another."""
