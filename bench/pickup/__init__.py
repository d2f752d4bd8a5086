"""How soon a worker picks up what a web request published."""
