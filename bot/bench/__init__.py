"""Measurements: what `himitsu bench` runs."""
