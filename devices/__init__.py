"""What a watch or a trainer recorded, as a `Recording`. Knows bytes and radios; no database, no plan."""
