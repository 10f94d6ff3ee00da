"""The frozen questions with their expected answers, the scorer and the report."""
