"""The plan's next step: take it, stay, or ask first. The subject is the week that was decided."""

from collections.abc import Iterator
from typing import Final

from coach.choosing import Choice as Standing
from coach.choosing import choose, look
from coach.errors import ConflictError
from coach.locks import lock_line
from coach.progression import words as in_words
from coach.replies.model import Asked, Choice, Done, Form, Given, Reply
from coach.store.steps import ACCEPT, ASK, STAY

ANSWERS: Final = (ACCEPT, STAY, ASK)


def ask(asked: Asked) -> Form:
    found = _open(asked)
    return Form(
        title=asked.words.text("reply.step"),
        button=asked.words.text("reply.keep"),
        lines=tuple(_lines(found, asked)),
        fields=(_answer(found, asked),),
    )


def act(asked: Asked, given: Given) -> Done:
    found = _open(asked)
    answer = given.one(_answer(found, asked)) or STAY
    chosen = choose(asked.session, found, answer, asked.now, asked.words)
    return Done((chosen.sentence,))


def _open(asked: Asked) -> Standing:
    """
    Raises:
        ConflictError: that week's step is not open any more, or must not be taken now.
    """
    found = look(asked.session, asked.person, asked.now)
    if str(found.week) != asked.subject:
        raise ConflictError(asked.words.text("reply.week_over"))
    if found.lock is not None:
        raise ConflictError(lock_line(found.lock, asked.person, asked.words, "lock.holds_here"))
    if found.answered in {ACCEPT, STAY}:
        said = asked.words.text(f"choice.{found.answered}_said")
        raise ConflictError(asked.words.text("choice.already", week=found.week, choice=said))
    if found.offer is None:
        raise ConflictError(asked.words.text("choice.nothing", week=found.week))
    return found


def _lines(found: Standing, asked: Asked) -> Iterator[str]:
    offer, words = found.offer, asked.words
    assert offer is not None  # noqa: S101  (looked at in _open)
    changes = "; ".join(in_words.change(each, words) for each in offer.changes)
    because = words.text("number.and").join(in_words.offered(offer, words))
    yield words.text(f"next.{offer.kind}", changes=changes, because=because)
    if found.waits:
        yield words.text("reply.waits", why=found.why_not_today(words))


def _answer(found: Standing, asked: Asked) -> Choice:
    """What can be chosen: on a day that is none for more, all but to move up."""
    open_now = ANSWERS[1:] if found.waits else ANSWERS
    options = tuple((each, asked.words.text(f"reply.step_{each}")) for each in open_now)
    return Choice("answer", asked.words.text("reply.step_choose"), options, given=asked.choice)


REPLY: Final = Reply("step", ask, act)
