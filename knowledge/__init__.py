"""The plan as knowledge: parser, store, search, composing an answer. Knows nothing of Rasa, HTTP or chat."""
