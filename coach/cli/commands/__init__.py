"""Every command with its options and help, a module a topic. Bodies only hand over: heavy imports wait until a command
needs them.
"""

from coach.cli.commands import enrolling, plans, stepping, sessions, weeks, pain, exchange  # isort: skip  (in the order
from coach.cli.commands import nudging, channels, service, demo  # isort: skip  (of the help)
from coach.cli.options import app

__all__ = [
    "app",
    "channels",
    "demo",
    "enrolling",
    "exchange",
    "nudging",
    "pain",
    "plans",
    "service",
    "sessions",
    "stepping",
    "weeks",
]
