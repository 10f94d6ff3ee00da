"""Trainings as jobs: each in a process of its own, one at a time, on its way whatever happens to the console."""
