"""What programs may ask of the switches. Only web processes import it."""
