"""Text to vectors: the e5 encoder as a graph of its own."""
