"""The warning-sign questions, all on one page. The subject is the day they were asked on."""

from typing import Final

from coach.errors import UsageError
from coach.locks import lock_line, told_at_once
from coach.replies.model import Asked, Choice, Done, Form, Given, Reply
from coach.safety.model import Answers
from coach.safety.signs import signs
from coach.store import locks, sign_answers
from coach.store.tables import key

_NONE: Final = "none"


def ask(asked: Asked) -> Form:
    return Form(
        title=asked.words.text("reply.signs"),
        button=asked.words.text("reply.signs_button"),
        lines=(asked.words.text("reply.signs_why"),),
        fields=(_yes(asked), _none(asked)),
    )


def act(asked: Asked, given: Given) -> Done:
    yes, none = given.all(_yes(asked)), given.all(_none(asked))
    if bool(yes) == bool(none):
        raise UsageError(asked.words.text("reply.signs_either"))
    sign_answers.add(asked.session, key(asked.person), Answers(asked.now, yes))
    lock = locks.holding(asked.session, key(asked.person), asked.now)
    return Done(
        lines=(
            asked.words.text("reply.noted_signs" if yes else "reply.noted_no_signs"),
            *([lock_line(lock, asked.person, asked.words, "lock.holds_here")] if lock is not None else []),
        ),
        urgent=told_at_once(yes, asked.person.emergency_number, asked.words),
        raises_lock=bool(yes) and lock is not None,
    )


def _yes(asked: Asked) -> Choice:
    options = tuple((code, asked.words.text(f"sign.{code}")) for code in signs())
    return Choice("yes", asked.words.text("reply.signs_yes"), options, many=True, required=False)


def _none(asked: Asked) -> Choice:
    options = ((_NONE, asked.words.text("reply.signs_none")),)
    return Choice(_NONE, asked.words.text("reply.signs_or"), options, many=True, required=False)


REPLY: Final = Reply("signs", ask, act)
