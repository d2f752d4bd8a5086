"""How long the changelog of a whole repository takes, and how much memory."""
