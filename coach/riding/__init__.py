"""A session that the coach is part of: what the plan asks of it, live, and how it is kept."""
