"""Where a plan's numbers are from, in the words that a person reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from coach.plan.exercises import facts
from coach.plan.model import Plan
from config.messages import Messages
from config.messages.library import in_language

_KINDS: Final = {"S": "founding", "E": "evidence", "D": "design"}
"""What the letter before a citation says of it, as the name of a text."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A source: the citation, of what kind it is, and what of the plan rests on it."""

    text: str
    kind: str
    behind: str


def cited(plan: Plan, words: Messages) -> Iterator[Cited]:
    """Every source of a plan: what the project began from first, then what studies found, then design."""
    order = list(_KINDS)
    for code, citation in sorted(plan.sources.items(), key=lambda each: order.index(each[1][0])):
        behind = [facts(item.exercise, words).many for item in plan.prescriptions if code in item.source]
        exercises = ", ".join(behind) or words.text("citation.whole")
        text = untagged(in_language(citation, words.language))
        yield Cited(
            text=text[:1].upper() + text[1:],
            kind=words.text(f"citation.{_KINDS[citation[0]]}"),
            behind=words.text("citation.behind", exercises=exercises),
        )


def untagged(citation: str) -> str:
    """Without the letter that says of what kind it is."""
    return citation.partition(": ")[2]
