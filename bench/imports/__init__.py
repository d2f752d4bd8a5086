"""How long importing a repository takes, and how much memory."""
