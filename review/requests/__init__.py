"""Requests for a person, complaints, failed questions and residents' suggestions."""
