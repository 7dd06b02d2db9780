"""People, their plans on a day, their contacts; and that nothing of them stays."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, inspect, select
from sqlmodel import SQLModel

from coach.effort.model import Effort, Predicate
from coach.errors import NotFoundError, NotSetUpError, UsageError
from coach.plan.library import condition, example_plan
from coach.store import activities, people, performances
from coach.store.access import AccessLog
from coach.store.accounts import Account, FormSent, SignIn
from coach.store.care import Care, CareInvitation, CareNote
from coach.store.engine import reading, writing
from coach.store.kept import KeptWeek
from coach.store.tables import ActivityLabel, Person
from coach.store.tokens import AccessToken
from coach.store.told import (
    AnsweredLink,
    CheckInRow,
    ExcusalRow,
    FlareRow,
    NudgePreference,
    PersonChannel,
    PlanLock,
    SignAnswers,
    StepChoice,
)
from devices.recording import Span, Totals


def plan(starts_on: date, **changes):
    return example_plan(condition("disc_herniation"), starts_on=starts_on, diagnosis=None, **changes)


def test_nobody_one_or_several(engine, add_person):
    with reading(engine) as session, pytest.raises(NotSetUpError, match="coach setup"):
        people.find_person(session, None)
    add_person("Ada")
    with reading(engine) as session:
        assert people.find_person(session, None).name == "Ada"
        with pytest.raises(UsageError, match=r"no one called .Bea. here\. Known: Ada"):
            people.find_person(session, "Bea")
    add_person("Bea")
    with reading(engine) as session:
        assert people.find_person(session, " Bea ").name == "Bea"
        assert people.find(session, "Cy") is None
        with pytest.raises(UsageError, match="--person: Ada, Bea"):
            people.find_person(session, None)


def test_the_plan_of_a_day_is_the_version_in_force(engine, add_person, now):
    person = add_person("Ada")
    first, second = date(2026, 3, 2), date(2026, 3, 30)
    with writing(engine, None) as session:
        assert people.add_plan(session, person.id, plan(first), now) == 1
        assert people.add_plan(session, person.id, plan(second, flexion_tolerated=True), now) == 2
        assert people.add_plan(session, person.id, plan(second, flexion_tolerated=False), now) == 3
    with reading(engine) as session:
        versions = {
            day: (people.plan_on(session, person.id, day) or (None,))[0]
            for day in (first - timedelta(1), first, second - timedelta(1), second, second + timedelta(99))
        }
        assert list(versions.values()) == [None, 1, 1, 3, 3]
        assert people.plan_on(session, person.id, first) == (1, plan(first))
        assert people.latest_plan(session, person.id) == (3, plan(second, flexion_tolerated=False))
        assert people.first_plan_day(session, person.id) == first


def test_versions_are_each_persons_own(engine, add_person, now):
    ada, bea = add_person("Ada"), add_person("Bea")
    with writing(engine, None) as session:
        assert [people.add_plan(session, each.id, plan(now.date()), now) for each in (ada, bea, ada)] == [1, 1, 2]
    with reading(engine) as session:
        assert people.latest_plan(session, bea.id) == (1, plan(now.date()))


def test_only_the_latest_contact_counts(engine, add_person, now):
    person = add_person("Ada")
    with reading(engine) as session:
        assert people.last_contact(session, person.id) is None
    with writing(engine, None) as session:
        people.heard(session, person.id, "import", now)
        people.heard(session, person.id, "import", now - timedelta(hours=1))
        people.heard(session, person.id, "watch", now - timedelta(hours=2))
    with reading(engine) as session:
        assert people.last_contact(session, person.id) == now


def activity_of(session, person, now, sha256="1") -> int:
    kept = {"person_id": person.id, "sha256": sha256, "size": 297, "content": b"packed", "received_at": now}
    (original,) = activities.add_originals(session, [kept])
    row = {
        "person_id": person.id,
        "original_id": original,
        "part": 0,
        "sport": "walking",
        "exercise": "level_walk",
        "exercise_reason": "recorded as walking",
        "started_at": now,
        "ended_at": now + timedelta(minutes=12),
        "timezone": "Europe/Berlin",
        "records": 721,
        "lengths": 0,
        "active_lengths": 0,
        "notes": ["a note"],
        "received_at": now,
    }
    effort = Effort(predicate=Predicate.MOVING, spans=(Span(0, 720),), excluded=(), note="a remark")
    totals = {"device": Totals(elapsed_s=720), "coach": Totals(moving_s=700)}
    (measured,) = activities.add_activities(session, [activities.Appraised(row, totals, [effort])])
    return measured.activity.id


def counts(engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table))
            for name, table in SQLModel.metadata.tables.items()
        }


def test_an_activity_comes_out_as_it_went_in(engine, add_person, now):
    person = add_person("Ada")
    with writing(engine, None) as session:
        number = activity_of(session, person, now)
    with reading(engine) as session:
        found = activities.one(session, person.id, number)
        assert found.activity.started_at == now
        assert found.totals == {"device": Totals(elapsed_s=720), "coach": Totals(moving_s=700)}
        assert (found.best("elapsed_s"), found.best("moving_s"), found.best("ascent_m")) == (720, 700, None)
        (performed,) = performances.between(session, person.id, now, now + timedelta(1))
        (effort,) = performed.efforts.values()
        assert (effort.spans, effort.note) == ((Span(0, 720),), "a remark")
        assert performances.between(session, person.id, now - timedelta(1), now) == []


def test_nobody_sees_what_is_anothers(engine, add_person, now):
    ada, bea = add_person("Ada"), add_person("Bea")
    with writing(engine, None) as session:
        number = activity_of(session, ada, now)
    with reading(engine) as session:
        with pytest.raises(NotFoundError, match=f"no activity {number}"):
            activities.one(session, bea.id, number)
        assert activities.of_person(session, bea.id) == []
        assert activities.known(session, bea.id, "1") is None
        assert performances.between(session, bea.id, now - timedelta(9), now + timedelta(9)) == []


def told_by(person_id: int, activity_id: int, now: datetime) -> list[SQLModel]:
    """One row of everything that a person can tell."""
    return [
        ActivityLabel(activity_id=activity_id, exercise="pool_walk", said_at=now),
        CheckInRow(person_id=person_id, at=now, phase="post", pain=3, activity_id=activity_id, created_at=now),
        SignAnswers(person_id=person_id, at=now, yes=[]),
        PlanLock(person_id=person_id, raised_at=now, signs=["foot_drop"]),
        FlareRow(person_id=person_id, began_at=now),
        ExcusalRow(person_id=person_id, kind="illness", first_day=now.date(), created_at=now),
        NudgePreference(person_id=person_id, rule="R3"),
        StepChoice(person_id=person_id, week="2026-W45", offer="up", choice="accept", at=now),
        AnsweredLink(person_id=person_id, kind="pain", subject="morning/2026-11-05", at=now),
        PersonChannel(person_id=person_id, number=1, channel="ntfy", sealed_url="x", label="ntfy", created_at=now),
    ]


def signed_in(session, person_id: int, now: datetime) -> list[SQLModel]:
    """An account, and what hangs on it."""
    account = Account(email=f"{person_id}@example.org", password_hash="", person_id=person_id, created_at=now)
    session.add(account)
    session.flush()
    sign_in = {"browser": "?", "created_at": now, "seen_at": now, "expires_at": now}
    return [
        SignIn(token_sha256=f"{person_id}", account_id=account.id, **sign_in),
        FormSent(account_id=account.id, once="1", at=now, leads_to="/", lines=[], urgent=[]),
        AccessToken(
            person_id=person_id, name="watch", token_sha256=f"{person_id}", scopes=[], created_at=now, expires_at=now
        ),
        Care(person_id=person_id, account_id=account.id, since=now),
        CareInvitation(
            person_id=person_id, email="bo@example.org", token_sha256=f"{person_id}", created_at=now, expires_at=now
        ),
        AccessLog(person_id=person_id, account_id=account.id, who="Bo", what="week", at=now),
        CareNote(person_id=person_id, account_id=account.id, who="Bo", at=now, text="Well."),
    ]


SCHEDULERS = ("nudge", "delivery", "slot", "suspended_address", "task", "sweep", "worded_letter")


def a_week(person_id: int, now: datetime) -> KeptWeek:
    return KeptWeek(
        person_id=person_id,
        monday=date(2026, 3, 16),
        until=now - timedelta(6),
        made_by="x",
        status="complete",
        mornings=0,
        pain_total=0,
        asked_minutes=0,
        done_minutes=0,
    )


def test_with_a_person_goes_all_that_refers_to_them(engine, add_person, now):
    ada, bea = add_person("Ada"), add_person("Bea")
    with writing(engine, None) as session:
        for person in (ada, bea):
            number = activity_of(session, person, now)
            people.add_plan(session, person.id, plan(now.date()), now)
            people.heard(session, person.id, "import", now)
            session.add_all(told_by(person.id, number, now))
            session.add_all(signed_in(session, person.id, now))
            session.flush()
            session.add(a_week(person.id, now))
    assert all(count >= 2 for name, count in counts(engine).items() if name not in set(SCHEDULERS))
    with writing(engine, None) as session:
        session.delete(session.get_one(Person, ada.id))
    assert {name: count for name, count in counts(engine).items() if count} == {
        **dict.fromkeys(("person", "plan_version", "original", "activity", "activity_effort", "contact"), 1),
        **{row.__tablename__: 1 for row in (*told_by(bea.id, 1, now), a_week(bea.id, now))},
        **dict.fromkeys(("account", "sign_in", "form_sent", "access_token", "care", "care_invitation", "care_note"), 1),
        "access_log": 4,  # it outlives whom it is about
        "activity_totals": 2,
    }


def test_every_table_of_coach_hangs_on_a_person(engine):
    """A table that did not would outlive its person."""
    with engine.connect() as connection:
        seen = inspect(connection)
        parents = {
            table: {key["referred_table"]: key["options"].get("ondelete") for key in seen.get_foreign_keys(table)}
            for table in seen.get_table_names()
        }
    theirs = {each for each in parents if each.startswith("procrastinate_")}
    for table in (
        set(parents)
        - theirs
        - {"alembic_version", "person", "nudge", "suspended_address", "task", "sweep", "access_log"}
    ):
        assert parents[table], table
        assert "CASCADE" in parents[table].values(), table
        assert set(parents[table].values()) <= {"CASCADE", "SET NULL"}, table


def test_the_id_of_one_who_is_gone_is_nobodys(engine, add_person, now):
    """Nudges know a person, and R1 an activity, by the id alone: given again, another would read them."""
    ada = add_person("Ada")
    with writing(engine, None) as session:
        number = activity_of(session, ada, now)
        session.flush()
        session.delete(session.get_one(Person, ada.id))
    bea = add_person("Bea")
    assert bea.id > ada.id
    with writing(engine, None) as session:
        assert activity_of(session, bea, now) > number
