"""The inbox: choosing turns, and what staff do with one."""
