"""Every setting of the product, in one table that knows nobody (docs/decisions/0029, docs/settings.md)."""
