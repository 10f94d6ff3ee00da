"""A plan adopted in the console: its file, what was read of it, what people decided, its own store."""
