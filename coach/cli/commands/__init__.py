"""Every command with its options and help, a module a topic. Bodies only hand over: heavy imports wait until a command
needs them.
"""

from coach.cli.commands import enrolling, plans, stepping, sessions, riding, weeks, pain  # isort: skip  (in the order
from coach.cli.commands import exchange, nudging, channels, accounts, tokens, secrets, database, backups, service, demo  # isort: skip  (of the help)
from coach.cli.options import app

__all__ = [
    "accounts",
    "app",
    "backups",
    "channels",
    "database",
    "demo",
    "enrolling",
    "exchange",
    "nudging",
    "pain",
    "plans",
    "riding",
    "secrets",
    "service",
    "sessions",
    "stepping",
    "tokens",
    "weeks",
]
