"""`coach next`: what the last week decided, the step that is offered, and the answer to it."""

from collections.abc import Iterator
from datetime import date

from rich.text import Text

from coach import shapes
from coach.app import open_app
from coach.choosing import Choice, Chosen, choose, look
from coach.cli.output import out, print_json
from coach.locks import lock_line
from coach.progression import Offer, words
from coach.store import people
from coach.store.engine import reading
from coach.weeks import IsoWeek
from config.messages import catalogue


def run(answer: str | None, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    chosen: Chosen | None = None
    if answer is None:
        with reading(app.engine) as session:
            found = look(session, people.find_person(session, who), now)
    else:
        with people.changing(app.engine, who) as (session, person):
            chosen = choose(session, look(session, person, now), answer, now, catalogue())
        found = chosen.choice
    if as_json:
        print_json(
            {
                **shapes.step(found.standing, found.offer),
                "answered": found.answered,
                "waits": found.waits,
                "versions": [] if chosen is None else [number for number, _ in chosen.versions],
            }
        )
        return
    for line in _shown(found) if chosen is None else _taken(chosen):
        out.print(Text(line), soft_wrap=True)


def _taken(chosen: Chosen) -> Iterator[str]:
    for version, plan in chosen.versions:
        yield f"Plan version {version}, from {plan.starts_on}."
    yield chosen.sentence


def _shown(found: Choice) -> Iterator[str]:
    texts, decided = catalogue(), found.standing.week.decision
    yield f"{found.week}: {words.decision(decided, texts)}"
    yield from (f"  {reason}" for reason in words.reasons(decided, texts))
    if found.lock is not None:
        yield lock_line(found.lock, found.person)
    elif found.standing.locked:
        yield texts.text("about.locked")
    elif found.offer is not None:
        yield ""
        yield from _step(found.offer, found.today)
        yield ""
        yield texts.text("choice.waits", why=found.why_not_today(texts)) if found.waits else texts.text("choice.open")
    if found.answered is not None:
        yield f"You answered '{found.answered}' to the step after {found.week}."


def _step(offer: Offer, today: date) -> Iterator[str]:
    texts = catalogue()
    yield texts.text(f"step.{offer.kind}", day=f"{IsoWeek.of(today).next.monday:%A, %Y-%m-%d}")
    yield from (f"  {words.change(each, texts)}" for each in offer.changes)
    yield f"  because {' and '.join(words.offered(offer, texts))}"
