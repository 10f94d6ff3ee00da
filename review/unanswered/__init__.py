"""Questions that got no good answer, grouped by meaning."""
