"""An answer, whichever face it comes from: a message's link, or a page. It is looked at again, and kept whole."""

from collections.abc import Mapping, Sequence

from coach.errors import ConflictError
from coach.locks import told_at_once
from coach.replies.model import Asked, Done, Form, Given, Reply
from coach.replies.pain import WEAKNESS
from coach.safety.signs import NEW_WEAKNESS, signs
from coach.store import replies as store
from coach.store.tables import key
from config.messages import Messages

Values = Mapping[str, Sequence[str]]


class AnsweredError(ConflictError):
    """It counts once, and was given."""


def ask(reply: Reply, asked: Asked) -> Form:
    """The form of a reply.

    Raises:
        AnsweredError: it is answered already.
        CoachError: there is nothing to answer, or not now.
    """
    _check_open(reply, asked)
    return reply.ask(asked)


def keep(reply: Reply, asked: Asked, values: Values) -> Done:
    """What comes of an answer.

    Raises:
        AnsweredError, UsageError, CoachError: nothing has changed.
    """
    _check_open(reply, asked)
    done = reply.act(asked, Given(values, asked.words))
    if reply.once:
        store.note(asked.session, key(asked.person), reply.kind, asked.subject, asked.now)
    return done


def urgent(values: Values, emergency_number: str, words: Messages) -> tuple[str, ...]:
    """The words for the warning signs that are ticked, whatever becomes of the answer: they wait for no database."""
    told = {*values.get("yes", ())} & set(signs())
    told |= {NEW_WEAKNESS} if WEAKNESS in values.get("new", ()) else set()
    return told_at_once(told, emergency_number, words)


def _check_open(reply: Reply, asked: Asked) -> None:
    if not reply.once:
        return
    at = store.answered_at(asked.session, key(asked.person), reply.kind, asked.subject)
    if at is not None:
        raise AnsweredError(asked.words.text("reply.already", at=f"{at.astimezone(asked.zone):%H:%M}"))
