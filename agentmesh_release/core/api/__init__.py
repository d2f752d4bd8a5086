"""What the API of every app is made of. Only web processes import it: it brings pydantic along."""
