"""Who works with the database: said where a transaction begins, and written down with what they change."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ACTOR: Final = "actor"
"""Under which name `Session.info` has who works with it."""


class By(StrEnum):
    """In which part somebody looks or changes something."""

    PERSON = "person"  # whose it is
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"
    LINK = "link"  # whoever had one that was written for them
    PROGRAM = "program"  # with a token
    COMMAND_LINE = "command_line"  # whoever may use the machine
    SERVICE = "service"  # of its own accord


@dataclass(frozen=True, slots=True)
class Actor:
    """Whose account it is says more than `by`: whether they change what is their own."""

    by: By
    account_id: int | None = None


COMMAND_LINE: Final = Actor(By.COMMAND_LINE)
LINK: Final = Actor(By.LINK)
PROGRAM: Final = Actor(By.PROGRAM)
SERVICE: Final = Actor(By.SERVICE)
