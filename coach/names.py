"""What can be somebody's name."""

from collections.abc import Iterator
from typing import Final

from coach.errors import UsageError
from coach.signs import UNSEEN, visible

LONGEST_NAME: Final = 80  # it stands in titles and tables


def faults_of_name(name: str, what: str) -> Iterator[str]:
    """What is wrong with it, in sentences about `what`."""
    if not name:
        yield f"{what} cannot be empty."
    if UNSEEN.search(name):
        yield f"{what} cannot hold characters that are not seen: '{visible(name)}'."
    if len(name) > LONGEST_NAME:
        yield f"{what} cannot be longer than {LONGEST_NAME} characters."


def named(by: str | None, question: str) -> str:
    """The name that is given, without the blanks around it.

    Raises:
        UsageError: with the question where none is given; otherwise what is wrong with it.
    """
    name = (by or "").strip()
    if not name:
        raise UsageError(question)
    for fault in faults_of_name(name, "A name"):
        raise UsageError(fault)
    return name
