"""Open pull requests: the seed's four trunk rules, what is told to the author, and what guards the
branch at GitHub."""
