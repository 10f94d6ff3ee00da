"""What becomes of a correction. Apart from what is done with corrections, which loads the plan's search."""

from __future__ import annotations

APPROVED, PENDING, REFUSED, WITHDRAWN = "approved", "pending", "refused", "withdrawn"
