"""The lanes from trunk to production, and what waits for the person who looks."""
