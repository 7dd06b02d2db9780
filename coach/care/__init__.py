"""A clinician looks after a person: only by their invitation, as long as they want it, and every look is told them."""
