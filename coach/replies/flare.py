"""`I'm having a flare.` The subject is the day on which it was offered."""

from typing import Final

from coach import flaring
from coach.checking_in import flare_episodes
from coach.errors import ConflictError
from coach.replies.model import Asked, Done, Form, Given, Onward, Reply
from coach.safety.flares import current
from coach.weeks import day_of


def ask(asked: Asked) -> Form:
    if current(flare_episodes(asked.session, asked.person, asked.now)) is not None:
        raise ConflictError(asked.words.text("reply.flare_lasts"))
    return Form(
        title=asked.words.text("reply.flare"),
        button=asked.words.text("reply.flare_button"),
        lines=(asked.words.text("reply.flare_why"),),
    )


def act(asked: Asked, given: Given) -> Done:
    del given
    ask(asked)  # it may have begun since
    flaring.start(asked.session, asked.person, asked.now, asked.now)
    today = day_of(asked.now, asked.zone).isoformat()
    return Done(
        lines=(asked.words.text("reply.noted_flare"),),
        onward=(Onward(asked.words.text("reply.to_signs"), "signs", today),),
    )


REPLY: Final = Reply("flare", ask, act, once=True)
