"""The staff console: what residents asked, what they were told, and how to do better. Server-rendered, no JavaScript needed."""
