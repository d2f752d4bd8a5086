"""Real git repositories, read through long-lived plumbing processes."""
