"""How soon a change reaches a thousand browsers, and whether pages stay quick meanwhile."""
