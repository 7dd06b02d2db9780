"""What the coach says: `catalogue()` gives a language's texts, checked against the fields they may name."""

from config.messages.catalogue import Messages, Variant, catalogue, check, languages, load

__all__ = ["Messages", "Variant", "catalogue", "check", "languages", "load"]
