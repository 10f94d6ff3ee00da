"""The console's own tables: accounts, audit, what was decided about turns and commitments."""
