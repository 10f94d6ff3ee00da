"""All of the console's tables, for the migrations."""

from review.database import adopting, jobs, people, teaching, versions, work
from review.database.columns import Base

__all__ = ["Base", "adopting", "jobs", "people", "teaching", "versions", "work"]
