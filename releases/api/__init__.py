"""What programs may ask of projects and releases. Only web processes import it."""
