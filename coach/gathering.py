"""From the store to a `Dossier`: all that is kept of a person between two days, and their weeks as judged."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.metadata import version as installed
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.effort import ALGORITHM
from coach.exchange.dossier import Activity, Dossier, PlanVersion, Whom, Writer, pseudonym
from coach.judgement import JudgedWeek, judge_week
from coach.store import activities as stored
from coach.store import flares, histories, locks, performances, records, sign_answers
from coach.store.tables import Person, key
from coach.weeks import IsoWeek, day_of
from config.messages import catalogue

_PROGRAM: Final = "sciatica-coach"
_ONE_DAY: Final = timedelta(days=1)


def first_day_of(session: Session, person: Person) -> date:
    """The first day of which anything is kept; the day they were set up where that is nothing."""
    zone = ZoneInfo(person.timezone)
    instants = [
        person.created_at,
        *(each.activity.started_at for each in stored.of_person(session, key(person))[-1:]),
        *(each.check_in.at for each in records.check_ins(session, key(person))[:1]),
        *(each.at for each in sign_answers.of(session, key(person))[:1]),
    ]
    starts = [each.plan.starts_on for each in records.versions(session, key(person))]
    return min([*(day_of(at, zone) for at in instants), *starts])


def dossier(session: Session, person: Person, first: date, last: date, now: datetime) -> Dossier:
    """All of a person from one local day to another, both included; their weeks are judged whole."""
    zone, number = ZoneInfo(person.timezone), key(person)

    def within(at: datetime) -> bool:
        return first <= day_of(at, zone) <= last

    def reaches(begins: datetime, ends: datetime | None) -> bool:
        return day_of(begins, zone) <= last and (ends is None or first <= day_of(ends, zone))

    versions = records.versions(session, number)
    return Dossier(
        writer=Writer(_PROGRAM, installed(_PROGRAM), ALGORITHM, catalogue().text("about.disclaimer")),
        whom=_whom(person, zone),
        first_day=first,
        last_day=last,
        now=now,
        versions=list(_in_force(versions, first, last)),
        weeks=list(_weeks(session, person, versions, first, min(last, now.astimezone(zone).date()), now)),
        activities=[each for each in _activities(session, number) if within(each.started_at)],
        check_ins=[each for each in records.check_ins(session, number) if within(each.check_in.at)],
        answers=[each for each in sign_answers.of(session, number) if within(each.at)],
        locks=[each for each in locks.of(session, number) if reaches(each.raised_at, each.cleared_at)],
        flares=[each for each in flares.of(session, number) if reaches(each.began_at, each.ended_at)],
        pauses=[
            each
            for each in records.pauses(session, number)
            if each.excusal.first_day <= last and (each.excusal.last_day is None or first <= each.excusal.last_day)
        ],
        choices=[each for each in records.choices(session, number) if within(each.at)],
        nudges=[each for each in records.nudges(session, number) if within(each.due_at)],
    )


def _whom(person: Person, zone: ZoneInfo) -> Whom:
    return Whom(
        pseudonym=pseudonym(key(person), person.created_at),
        name=person.name,
        zone=zone,
        known_since=person.created_at,
        birth_year=person.birth_year,
        resting_heart_rate_bpm=person.resting_heart_rate_bpm,
        max_heart_rate_bpm=person.max_heart_rate_bpm,
        emergency_number=person.emergency_number,
    )


def _in_force(versions: Sequence[PlanVersion], first: date, last: date) -> Iterator[PlanVersion]:
    """Those that hold on any of the days; one that another replaced on its first day holds on none, and stays out."""
    for version in versions:
        starts, rank = version.plan.starts_on, (version.plan.starts_on, version.number)
        after = [each.plan.starts_on for each in versions if (each.plan.starts_on, each.number) > rank]
        until = min(after) - _ONE_DAY if after else None
        if starts <= last and (until is None or (starts <= until and first <= until)):
            yield replace(version, until=until)


def _weeks(
    session: Session, person: Person, versions: Sequence[PlanVersion], first: date, last: date, now: datetime
) -> Iterator[JudgedWeek]:
    """Every week that reaches into the days, from the first plan's on."""
    if not versions:
        return
    week, final = IsoWeek.of(max(first, min(each.plan.starts_on for each in versions))), IsoWeek.of(last)
    if week > final:
        return
    history = histories.load(session, person, week, final)
    while week <= final:
        yield judge_week(history, week, now)
        week = week.next


def _activities(session: Session, person_id: int) -> Iterator[Activity]:
    """In order of time."""
    found = stored.of_person(session, person_id)[::-1]
    efforts = performances.efforts_of([key(each.activity) for each in found], session)
    labels, originals = records.labels(session, person_id), records.originals(session, person_id)
    for each in found:
        row = each.activity
        sha256, damage = originals.get(row.original_id or 0, (None, None))
        yield Activity(
            number=key(row),
            sport=row.sport,
            sub_sport=row.sub_sport,
            exercise=row.exercise,
            exercise_reason=row.exercise_reason,
            started_at=row.started_at,
            ended_at=row.ended_at,
            timezone=row.timezone,
            received_at=row.received_at,
            sha256=sha256,
            damage=damage,
            part=row.part,
            device=" ".join(filter(None, (row.manufacturer, row.product))) or None,
            records=row.records,
            lengths=row.lengths,
            active_lengths=row.active_lengths,
            pool_length_m=row.pool_length_m,
            exertion=row.exertion,
            feeling=row.feeling,
            notes=tuple(row.notes),
            algorithm=row.algorithm,
            totals={str(source): line for source, line in each.totals.items()},
            efforts=efforts.get(key(row), {}),
            label=labels.get(key(row)),
        )
