"""Publishing a cut release at GitHub with its files, and withdrawing it."""
