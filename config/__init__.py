"""Settings, and the plan library and message texts as data. Beneath everything: knows nobody."""
