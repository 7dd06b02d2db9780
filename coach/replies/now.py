"""How it is now, unasked: no message offers it, so it is none of `REPLIES`. The subject says nothing."""

from collections.abc import Sequence
from typing import Final

from coach.checking_in import Said, guessed_phase
from coach.errors import UsageError
from coach.replies import pain
from coach.replies.model import Asked, Choice, Done, Form, Given, Reply
from coach.safety.model import Phase
from coach.store import people
from coach.store.tables import key
from coach.weeks import day_of

_SHOULDER: Final = "shoulder"


def ask(asked: Asked) -> Form:
    return Form(asked.words.text("reply.now"), asked.words.text("reply.keep"), fields=tuple(_fields(asked)))


def act(asked: Asked, given: Given) -> Done:
    score, phase, shoulder = pain.score(asked, required=False), given.one(_phase(asked)), None
    if _minds_a_shoulder(asked):
        shoulder = given.one(_shoulder(asked))
    said = Said(
        pain=_whole(given.one(score)),
        phase=None if phase is None else Phase(phase),
        shoulder=_whole(shoulder),
        **pain.beside(asked, given),
    )
    if said.is_empty:
        raise UsageError(asked.words.text("reply.choose", label=score.label))
    return pain.keep(said, asked)


def _fields(asked: Asked) -> Sequence[Choice]:
    """A score is asked for, but not required: new weakness may be told without one."""
    shoulder = [_shoulder(asked)] if _minds_a_shoulder(asked) else []
    return [pain.score(asked, required=False), *shoulder, pain.new(asked), pain.extent(asked), _phase(asked)]


def _phase(asked: Asked) -> Choice:
    options = tuple((str(each), asked.words.text(f"reply.phase_{each}")) for each in Phase)
    guessed = guessed_phase(asked.session, asked.person, asked.now)
    return Choice("phase", asked.words.text("reply.phase"), options, given=str(guessed), required=False)


def _shoulder(asked: Asked) -> Choice:
    options = tuple((each, each) for each in pain.SCALE)
    return Choice(_SHOULDER, asked.words.text("reply.shoulder"), options, required=False, is_scale=True)


def _minds_a_shoulder(asked: Asked) -> bool:
    found = people.plan_on(asked.session, key(asked.person), day_of(asked.now, asked.zone))
    return found is not None and found[1].traits.shoulder_injury


def _whole(text: str | None) -> int | None:
    return None if text is None else int(text)


REPLY: Final = Reply("now", ask, act)
