"""The edge: everything between a socket and a Django view, and what answers without Django."""
