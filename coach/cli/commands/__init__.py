"""Every command with its options and help, a module a topic. Bodies only hand over: heavy imports wait until a command
needs them.
"""

from coach.cli.commands import (
    demo,
    enrolling,
    exchange,
    nudging,
    pain,
    plans,
    riding,
    service,
    sessions,
    stepping,
    weeks,
)  # isort: skip  (the order of the help)
from coach.cli.options import app

__all__ = [
    "app",
    "demo",
    "enrolling",
    "exchange",
    "nudging",
    "pain",
    "plans",
    "riding",
    "service",
    "sessions",
    "stepping",
    "weeks",
]
