"""Ways to reach a person: one file each, one entry each in `registry.CHANNELS`."""
