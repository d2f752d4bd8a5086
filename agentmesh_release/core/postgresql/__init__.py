"""Django's backend for PostgreSQL, with what our queries ask of a session."""
