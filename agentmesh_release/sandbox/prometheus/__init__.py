"""Prometheus: four signals of each project's production, from what is live there (FACTS 5)."""
