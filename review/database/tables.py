"""All of the console's tables, for the migrations."""

from review.database import people, teaching, work
from review.database.columns import Base

__all__ = ["Base", "people", "teaching", "work"]
