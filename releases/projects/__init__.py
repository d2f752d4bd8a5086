"""Setting projects up: what is typed, made, changed, archived, and what the gates would say."""
