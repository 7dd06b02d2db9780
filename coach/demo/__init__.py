"""A fortnight of an invented person: what they record, and how the coach answers."""
