"""The plan, to read: the version in force or any other, what each changed, and the step that could come next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from coach.judgement import Standing, stand
from coach.locks import lock_line
from coach.plan import Plan
from coach.plan.citing import Cited, cited
from coach.plan.differences import since
from coach.plan.words import Item, LeftOut, difference, items, left_out, rests_on
from coach.progression.offers import following
from coach.progression.words import change
from coach.safety import Lock
from coach.store import histories, locks, people
from coach.store.people import KeptPlan
from coach.store.tables import Person, key
from coach.summary import lines
from coach.units import Units
from coach.web.moments import day_in_words
from coach.web.visit import Own, Visit
from coach.weeks import IsoWeek, day_of
from config.messages.calendar import whole

router: Final = APIRouter()


@dataclass(frozen=True, slots=True)
class Version:
    """A line of the list of versions."""

    number: int
    starts_on: str
    set_by: str | None
    kept_on: str
    is_in_force: bool
    is_shown: bool


@dataclass(frozen=True, slots=True)
class View:
    """A version as its page shows it. `changed` is against the version before it, which `before` numbers; `step` is
    there on the page of what holds, and can be chosen where it is on offer after the week `choose`. `tell_diagnosis`:
    there is none yet, and the person who looks can say it.
    """

    number: int
    heading: str
    is_in_force: bool
    notices: tuple[str, ...]
    remarks: tuple[str, ...]
    rests_on: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    left_out: tuple[LeftOut, ...]
    step: str | None
    choose: str | None
    before: int | None
    changed: tuple[str, ...]
    sources: tuple[Cited, ...]
    tell_diagnosis: bool
    versions: tuple[Version, ...]


@router.get("/plan")
def plan(visit: Own) -> Response:
    running = IsoWeek.of(day_of(visit.now, visit.zone))
    with visit.reading() as session:
        kept = people.every_version(session, visit.me)
        lock = locks.holding(session, key(visit.me), visit.now)
        history = histories.load(session, visit.me, running.previous, running)
    holds = people.in_force(kept, _today(visit))
    return _page(visit, kept, holds or kept[-1], lock, stand(history, visit.now) if holds else None)


@router.get("/plan/{version}")
def another(visit: Own, version: int) -> Response:
    with visit.reading() as session:
        kept = people.every_version(session, visit.me)
        lock = locks.holding(session, key(visit.me), visit.now)
    return _page(visit, kept, people.of_number(kept, version, visit.me), lock)


def _page(
    visit: Visit, kept: Sequence[KeptPlan], wanted: KeptPlan, lock: Lock | None, standing: Standing | None = None
) -> Response:
    shown = view(visit, visit.me, kept, wanted, lock=lock, standing=standing)
    return visit.page("plan.html.j2", view=shown, at="/plan", versions_at="/plan/")


def view(
    visit: Visit,
    person: Person,
    kept: Sequence[KeptPlan],
    wanted: KeptPlan,
    *,
    lock: Lock | None,
    standing: Standing | None = None,
    against: KeptPlan | None = None,
) -> View:
    """A version of a person's plan in the words of who looks; with what is otherwise `against` another, by default the
    one before.
    """
    words, plan, zone = visit.words.messages, wanted.plan, ZoneInfo(person.timezone)
    holds = people.in_force(kept, visit.now.astimezone(zone).date())
    earlier = against or {after.version: before for before, after in pairwise(kept)}.get(wanted.version)
    changed = since(earlier.plan if earlier else None, plan)
    if against is None:
        changed = tuple(each for each in changed if not each.key.endswith(".source"))  # codes: `sources` tells of them
    return View(
        number=wanted.version,
        heading=words.text("heading.plan", version=wanted.version, step=plan.step),
        is_in_force=wanted == holds,
        notices=tuple(_notices(visit, person, plan, lock)),
        remarks=tuple(_remarks(visit, wanted, holds, kept)),
        rests_on=tuple(rests_on(plan, words)),
        items=tuple(items(plan, Units(person.units), words)),
        left_out=tuple(left_out(plan, words)),
        step=None if standing is None else _step(visit, plan, standing),
        choose=None if standing is None or not _is_open(standing) else str(standing.week.adherence.week),
        before=earlier.version if earlier else None,
        changed=tuple(difference(each, words) for each in changed),
        sources=tuple(cited(plan, words)),
        tell_diagnosis=standing is not None and kept[-1].plan.locked,
        versions=tuple(_version(visit, each, holds, wanted, zone) for each in reversed(kept)),
    )


def _notices(visit: Visit, person: Person, plan: Plan, lock: Lock | None) -> Sequence[str]:
    """What stands in the way of all of it."""
    words = visit.words.messages
    locked = [words.text("about.locked")] if plan.locked else []
    return [*locked, *([lock_line(lock, person, words, "lock.holds_here")] if lock else [])]


def _remarks(visit: Visit, wanted: KeptPlan, holds: KeptPlan | None, kept: Sequence[KeptPlan]) -> Sequence[str]:
    words, plan, latest = visit.words.messages, wanted.plan, kept[-1]
    follows = wanted == holds and latest.plan.starts_on > plan.starts_on
    said: tuple[tuple[bool, str, Mapping[str, object]], ...] = (
        (True, "from", {"day": whole(plan.starts_on, words)}),
        (plan.set_by is not None, "set_by", {"who": plan.set_by}),
        (plan.easy, "easy", {}),
        (wanted != holds, "not_in_force" if holds else "not_yet", {}),
        (follows, "follows", {"version": latest.version, "day": whole(latest.plan.starts_on, words)}),
        (plan.is_example, "example", {}),
        (plan.is_example, "evidence", {}),
    )
    shared = {"example": "about.example_plan", "evidence": "about.evidence"}
    return [visit.say(shared.get(name, f"plan_page.{name}"), **fields) for is_so, name, fields in said if is_so]


def _step(visit: Visit, plan: Plan, standing: Standing) -> str | None:
    """The step on offer, or the one that a good week would open; nothing on a day on which nothing may urge."""
    words = visit.words.messages
    if standing.offer is not None and not standing.waits:
        return lines.step(plan, standing.offer, words)
    if standing.eased or plan.easy or (next_one := following(plan)) is None:
        return None
    return visit.say("plan_page.following", changes="; ".join(change(each, words) for each in next_one.changes))


def _is_open(standing: Standing) -> bool:
    return standing.offer is not None and not standing.waits


def _version(visit: Visit, each: KeptPlan, holds: KeptPlan | None, wanted: KeptPlan, zone: ZoneInfo) -> Version:
    return Version(
        number=each.version,
        starts_on=whole(each.plan.starts_on, visit.words.messages),
        set_by=each.plan.set_by,
        kept_on=day_in_words(visit, each.set_at, zone),
        is_in_force=each == holds,
        is_shown=each == wanted,
    )


def _today(visit: Visit) -> date:
    return day_of(visit.now, visit.zone)
