"""What readers ask: search, comparison, feeds, when something reached production."""
