"""From the repository's files to a kept release: `python -m training`. Knows the knowledge and the shelf, and nobody above."""
