"""May an adopted plan take the place of the plan in use: questions of its own, and what belongs to no plan."""
