"""The control page and its JSON: make things happen, see what happened."""
