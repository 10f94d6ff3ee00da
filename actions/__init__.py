"""rasa-sdk actions: read the tracker, ask `knowledge`, send answer/1."""
