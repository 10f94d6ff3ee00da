"""The dialogue: from an utterance to a reply, step by step; free of Rasa. Which step comes when is said in `entries.py`."""
