"""Measurements, run by hand: each says what it measures, on what, and against which goal."""
