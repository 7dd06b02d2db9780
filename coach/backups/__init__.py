"""The whole database as a file, and back: `take` is called by `coach backup`, `bring_back` by `coach restore`."""

from coach.backups.model import BroughtBack, Taken
from coach.backups.taking import bring_back, take

__all__ = ["BroughtBack", "Taken", "bring_back", "take"]
