"""Makes the store and its models from the sources; nothing that answers imports it."""
