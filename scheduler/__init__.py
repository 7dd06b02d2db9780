"""Sends what is due, once, at a decent hour. Knows due times, quiet hours and channels; no plan, no FIT."""
