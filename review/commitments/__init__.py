"""What staff know of commitments beyond the plan: better titles and sample questions, and progress since."""
