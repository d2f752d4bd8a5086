"""The clients against the sandbox, a real process."""
