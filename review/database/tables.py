"""All of the console's tables, for the migrations."""

from review.database import people, work
from review.database.columns import Base

__all__ = ["Base", "people", "work"]
