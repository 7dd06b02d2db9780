"""A person and their plan come in, and change: what is given changes, the rest stays, old plans are kept."""
