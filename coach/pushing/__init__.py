"""Recordings go on from here to a server: kept in a queue until they are there, once."""
