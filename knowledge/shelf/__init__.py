"""Documents that answer beside the deployment's own plan: each with a record and a store of its own (书架)."""
