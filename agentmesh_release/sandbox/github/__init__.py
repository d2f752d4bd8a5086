"""GitHub's REST API over the bare clones (FACTS 1)."""
