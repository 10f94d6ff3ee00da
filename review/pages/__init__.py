"""The pages. Each is a plain function from a visit to a response; `review/routes.py` says who may reach it."""
