"""From judged weeks to due nudges, and from due nudges to messages: the rules meet the outbox here."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from coach.adherence import Status
from coach.judged import judged_week, standing, weeks_until
from coach.judgement import stand
from coach.nudges import RULES, NoLongerTrue, Proposal, Rule, Situation, Telling
from coach.store import histories
from coach.store.engine import reading, writing
from coach.store.tables import Person, key
from coach.summary.content import Letter, letter
from coach.summary.letter import as_html, as_text
from coach.weeks import IsoWeek
from config.messages import Variant, catalogue
from config.settings import Settings
from scheduler import outbox
from scheduler.clock import local_instant
from scheduler.errors import whereabouts
from scheduler.messages import Cancelled, Due, Message, Prepare, Suppressed
from scheduler.outbox import Address, Draft

log = logging.getLogger(__name__)

_TREND_WEEKS = 8


def plan_nudges(engine: Engine, settings: Settings, now: datetime) -> int:
    """Put in the outbox what is worth saying to anybody now. Returns how many nudges are new.

    Each person is a transaction of their own, and what is there already stays: it may be called at any time.
    """
    with reading(engine) as session:
        everybody = session.exec(select(Person.id).order_by(col(Person.id))).all()
    new = 0
    for person_id in everybody:
        try:
            with writing(engine) as session:
                person = session.get_one(Person, person_id)
                new += len(outbox.post(session, list(_drafts(session, person, settings, now)), now))
        except OperationalError:
            raise  # the database's fault is everybody's
        except Exception as error:  # noqa: BLE001 (one person's fault is theirs alone)
            log.error("person=%d nothing planned: %s", person_id, whereabouts(error))  # noqa: TRY400
    return new


def prepares(engine: Engine) -> Mapping[str, Prepare]:
    """For each rule, what looks again just before sending and words the message."""

    def prepare(due: Due, now: datetime) -> Message | Cancelled | Suppressed:
        with reading(engine) as session:
            return _message(session, due, now)

    return dict.fromkeys(RULES, prepare)


def addresses(person: Person, settings: Settings) -> tuple[Address, ...]:
    """Where a person is reached: every channel that is set up, and the console where none is."""
    reached = []
    if settings.smtp_url is not None and person.email:
        reached.append(Address("email", person.email))
    if settings.message_folder is not None:
        reached.append(Address("file", person.email or f"person-{key(person)}@localhost"))  # a letter's To
    return tuple(reached) or (Address("console", person.name),)


def situation(session: Session, person: Person, now: datetime) -> Situation | None:
    """A person at a moment; None while they have no plan, or one that is locked today."""
    zone = ZoneInfo(person.timezone)
    running = IsoWeek.of(now.astimezone(zone).date())
    history = histories.load(session, person, running.previous, running)
    version = history.version_on(now.astimezone(zone).date())
    if version is None or history.locked_at(now):
        return None
    stood = stand(history, now)
    return Situation(
        now=now,
        zone=zone,
        plan=version.plan,
        this_week=stood.this_week.adherence,
        last_week=stood.week.adherence,
        last_contact=history.last_contact,
        known_since=person.created_at,
        began=local_instant(history.first_day or running.monday, time(0), zone),
        sore=stood.sore,
    )


def summary_of(session: Session, person: Person, week: IsoWeek, now: datetime) -> Letter:
    """The weekly summary of a person, worded; with the step on offer, where the week is the last that has closed."""
    trend = weeks_until(session, person, week, _TREND_WEEKS, now)
    known = next((index for index, each in enumerate(trend) if each.status is not Status.NO_PLAN), len(trend))
    stood = standing(session, person, now)
    return letter(
        name=person.name,
        emergency_number=person.emergency_number,
        judged=judged_week(session, person, week, now),
        trend=trend[known:],
        offer=stood.offer if stood.week.adherence.week == week else None,
    )


def _drafts(session: Session, person: Person, settings: Settings, now: datetime) -> Iterator[Draft]:
    seen = situation(session, person, now)
    if seen is None:
        return
    for rule in RULES.values():
        for proposal in _spoken(rule, seen):
            yield Draft(
                recipient_id=str(key(person)),
                rule=rule.id,
                period=proposal.period,
                reason=proposal.reason,
                timezone=person.timezone,
                due_at=proposal.due_at,
                expires_at=proposal.expires_at,
                policy=rule.policy,
                to=addresses(person, settings),
            )


def _spoken(rule: Rule, seen: Situation) -> Iterable[Proposal]:
    return () if rule.urges and seen.eased else rule.propose(seen)


def _message(session: Session, due: Due, now: datetime) -> Message | Cancelled | Suppressed:
    person = session.get(Person, int(due.recipient_id))
    if person is None:
        return Cancelled("the person is no longer here")
    seen = situation(session, person, now)
    if seen is None:
        return Suppressed("the plan is locked")
    rule = RULES[due.rule]
    if rule.urges and seen.eased:
        return Suppressed("nothing is asked today")
    told = rule.tell(seen, due.period)
    if isinstance(told, NoLongerTrue):
        return Cancelled(told.reason)
    wording = _wording(session, rule, told, due)
    if due.rule != "R13":
        return Message(wording.title, wording.text)
    page = summary_of(session, person, IsoWeek.parse(due.period), now)
    return Message(wording.title, f"{wording.text}\n\n{as_text(page)}", as_html(page))


def _wording(session: Session, rule: Rule, told: Telling, due: Due) -> Variant:
    """The variants in turn, so that none comes twice running; the same again if a message is sent again."""
    variants = catalogue().variants(told.texts or rule.id)
    earlier = outbox.earlier(session, due)
    return variants[earlier % len(variants)].filled(**told.fields)
