"""What the house weighs while nothing happens."""
