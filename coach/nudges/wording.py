"""Figures as people say them."""

from collections import Counter
from itertools import pairwise
from math import floor

from coach.adherence import WeekAdherence
from coach.adherence.score import band
from coach.plan import facts
from config.messages import Messages, catalogue

_SAYS_NOTHING = 99.5
"""A range this wide is every score there is."""


def share_of_plan(week: WeekAdherence, words: Messages | None = None) -> str | None:
    """`72 %`, `between 40 and 80 %`, or None for a week without a score, or with any."""
    words = words or catalogue()
    if week.score is not None:
        return words.text("share.one", score=shown(week.score))
    if week.score_low is None or week.score_high is None or week.score_high - week.score_low >= _SAYS_NOTHING:
        return None
    return words.text("share.between", low=shown(week.score_low), high=shown(week.score_high))


def shown(score: float) -> int:
    """A score as a whole number, never rounded into a better band: 79.96 is 79, for it is not on plan."""
    nearest = round(score)
    return nearest if band(nearest) is band(score) else floor(score)


def done_so_far(week: WeekAdherence, words: Messages | None = None) -> str:
    """`2 walks, 1 swim`; `no walks` where nothing was done of what the plan rests on."""
    # A session may serve a walk and what happens inside it, or stand in for another: it is one session.
    sessions = {
        credit.session.activity_ids: credit.session.exercise
        for item in week.items
        if item.weight
        for credit in item.credits
        if credit.eligible
    }
    done = [facts(exercise, words).count(number) for exercise, number in Counter(sessions.values()).items()]
    first = min(week.items, key=lambda item: (item.prescription.nested_in is not None, not item.weight))
    return ", ".join(done) or facts(first.prescription.exercise, words).count(0)


def without_page(text: str) -> tuple[str, bool]:
    """A message without the page that a summary brings, and whether it had one: a page's first line is underlined."""
    lines = text.split("\n")
    head = next((one for one, below in pairwise(lines) if below and set(below) == {"="}), None)
    told, _, page = (text, "", "") if head is None else text.partition(f"\n\n{head}")
    return told, bool(page)
