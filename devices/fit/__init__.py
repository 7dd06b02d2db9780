"""FIT files: `read` them, `sources.find` them, `write.write` them.

parts -> reference (fitparse) -> messages -> sessions, columns, clock, names -> activity -> read
"""

from devices.fit.messages import Damage
from devices.fit.read import FitFile, read

__all__ = ["Damage", "FitFile", "read"]
