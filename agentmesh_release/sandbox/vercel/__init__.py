"""Vercel: builds over time, production aliases, promote, rollback (FACTS 2)."""
