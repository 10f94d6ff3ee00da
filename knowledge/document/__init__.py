"""The plan's text: its outline, passages and figures."""
