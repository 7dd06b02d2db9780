"""What has been kept for long enough goes, and nothing that rests on it breaks."""

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from coach import retention
from coach.app import App
from coach.deleting import delete
from coach.errors import CoachError
from coach.ingest.files import Outcome
from coach.ingest.taking import ingest
from coach.labelling import forget, label
from coach.plan import Exercise
from coach.recorded import file_of, is_let_go
from coach.remeasure import remeasure_all
from coach.store import activities
from coach.store.access import AccessLog
from coach.store.accounts import Account, SignIn
from coach.store.care import CareInvitation
from coach.store.engine import reading, writing
from coach.store.tables import Activity, Original
from coach.store.tokens import AccessToken
from coach.taking_along import write_all
from config.settings import Settings
from devices.fit.sources import Source
from scheduler.drafts import Address, Draft
from scheduler.outbox import history, post
from scheduler.tables import DELIVERY, State

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
YEAR = NOON + timedelta(days=366)


@pytest.fixture
def app(engine, tmp_path) -> App:
    return App(Settings(home=tmp_path / "home", keep_originals_months=12), engine, lambda: YEAR)


def rows(found) -> dict[str, int]:
    return {each.what: each.rows for each in found if each.rows}


def test_files_go_and_what_was_measured_stays(app, engine, ada, bring):
    bring(ada, "walk", "swim")
    with reading(engine) as session:
        before = session.exec(select(Activity).order_by(Activity.id)).all()
        efforts = [activities.one(session, ada.id, each.id).totals for each in before]
    assert rows(retention.look(app, NOON + timedelta(days=364))) == {}
    assert rows(retention.look(app, YEAR)) == {"originals": 2}
    with reading(engine) as session:
        assert all(session.exec(select(Original.content)).all())  # a look changes nothing
    assert rows(retention.let_go(app, YEAR)) == {"originals": 2}
    assert rows(retention.let_go(app, YEAR)) == {}
    with reading(engine) as session:
        after = session.exec(select(Activity).order_by(Activity.id)).all()
        assert after == before
        assert [activities.one(session, ada.id, each.id).totals for each in after] == efforts
        assert all(is_let_go(session, each) and file_of(session, each) is None for each in after)
    assert remeasure_all(engine, ada) == 0
    assert [each.outcome for each in bring(ada, "walk", at=YEAR)] == [Outcome.DUPLICATE]


def test_who_says_what_a_session_without_its_file_was_is_told_why_it_stays(app, engine, ada, bring):
    bring(ada, "swim")
    with writing(engine, ada.id) as session:
        label(session, ada, 1, NOON, exercise=Exercise.POOL_WALK)
    retention.let_go(app, YEAR)
    for change in (lambda it: label(it, ada, 1, YEAR, exercise=Exercise.SWIM), lambda it: forget(it, ada, 1, YEAR)):
        with pytest.raises(CoachError, match=r"no longer kept.*`coach retention`"), writing(engine, ada.id) as session:
            change(session)
    with writing(engine, ada.id) as session:
        assert label(session, ada, 1, YEAR, borg=12).label.borg == 12
        assert label(session, ada, 1, YEAR, borg=13).activity.exercise == Exercise.POOL_WALK


def test_taking_all_along_goes_on_without_files_that_are_gone(app, engine, ada, bring):
    bring(ada, "walk", "swim", "ride")
    with writing(engine, ada.id) as session:
        delete(session, ada, 2, NOON)
        session.exec(update(Original).where(Original.id == 3).values(received_at=YEAR))
    retention.let_go(app, YEAR)
    packed = io.BytesIO()
    write_all(engine, ada.id, YEAR, packed)
    with ZipFile(packed) as opened:
        assert len([name for name in opened.namelist() if name.startswith("originals/")]) == 1


def test_bringing_deleted_files_again_leaves_those_that_were_let_go(app, engine, ada, bring, fits):
    bring(ada, "walk", "swim")
    with writing(engine, ada.id) as session:
        delete(session, ada, 2, NOON)
    retention.let_go(app, YEAR)
    sources = [Source(name, lambda name=name: fits[name]) for name in ("walk", "swim")]
    again = list(ingest(engine, ada, sources, lambda: YEAR, again=True))
    assert [each.outcome for each in again] == [Outcome.DUPLICATE, Outcome.STORED]
    with reading(engine) as session:
        assert len(session.exec(select(Activity)).all()) == 2


def sent(engine, period: str, due: datetime, *, is_open: bool = False) -> UUID:
    draft = Draft("1", "R8", period, f"because {period}", "UTC", due, (Address("file", "x"),))
    with engine.begin() as connection:
        (number,) = post(connection, [draft], due)
        done = {"title": "Your coach", "text": f"text {period}", "detail": "ok"}
        if not is_open:
            done |= {"state": State.SENT, "sent_at": due, "not_before": None}
        connection.execute(update(DELIVERY).where(DELIVERY.c.nudge_id == number).values(done))
    return number


def test_texts_go_and_that_something_was_said_stays(app, engine, ada):
    sent(engine, "old", NOON - timedelta(hours=13))
    sent(engine, "young", YEAR)
    sent(engine, "waits", NOON - timedelta(days=400), is_open=True)
    retention.let_go(app, YEAR)
    with reading(engine) as session:
        found = {each.period: each for each in history(session, "1")}
    assert (found["old"].title, found["old"].text, found["old"].reason) == (None, None, "")
    assert found["old"].state is State.SENT
    assert (found["young"].text, found["waits"].text) == ("text young", "text waits")
    assert found["waits"].reason == "because waits"
    again = Draft("1", "R8", "old", "why", "UTC", YEAR, (Address("file", "x"),))
    with engine.begin() as connection:
        assert post(connection, [again], YEAR) == []


def test_what_is_no_longer_good_goes_thirty_days_later_to_the_second(app, engine, ada):
    def listed(session: Session) -> None:
        account = Account(email="a@x", password_hash="x", person_id=ada.id, created_at=NOON)
        session.add(account)
        session.flush()
        for name, ends in (("gone", YEAR - timedelta(days=30, seconds=1)), ("there", YEAR - timedelta(days=30))):
            times = {"created_at": NOON, "expires_at": ends}
            session.add(AccessToken(person_id=ada.id, name=name, token_sha256=name, scopes=[], **times))
            session.add(CareInvitation(person_id=ada.id, email=name, token_sha256=name, **times))
            session.add(SignIn(token_sha256=name, account_id=account.id, browser="x", seen_at=NOON, **times))
        session.add(AccessLog(person_id=ada.id, who="Dr Bo", what="week", at=NOON))

    with writing(engine, None) as session:
        listed(session)
    assert rows(retention.let_go(app, YEAR)) == {"expired": 3}
    with reading(engine) as session:
        assert session.exec(select(AccessToken.name)).all() == ["there"]
        assert session.exec(select(CareInvitation.email)).all() == ["there"]
        assert session.exec(select(SignIn.token_sha256)).all() == ["there"]
        assert session.exec(select(AccessLog.what).order_by(AccessLog.id)).all() == ["week", "let_go"]


def test_the_log_goes_where_somebody_says_so(engine, ada, tmp_path):
    with writing(engine, None) as session:
        for at in (NOON - timedelta(days=1), NOON):
            session.add(AccessLog(person_id=ada.id, who="Dr Bo", what="week", at=at))
    app = App(Settings(home=tmp_path, keep_access_log_months=12), engine, lambda: YEAR)
    assert rows(retention.let_go(app, NOON + timedelta(days=365))) == {"access_log": 1}


def test_many_go_a_little_at_a_time(app, engine, ada, monkeypatch):
    from coach.store import letting_go

    with writing(engine, None) as session:
        for number in range(1_203):
            at = {"created_at": NOON, "expires_at": NOON}
            session.add(CareInvitation(person_id=ada.id, email="x", token_sha256=str(number), **at))
    begun = []
    real = letting_go.writing
    monkeypatch.setattr(letting_go, "writing", lambda *words: begun.append(words) or real(*words))
    assert rows(retention.let_go(app, YEAR)) == {"expired": 1_203}
    assert len(begun) >= 3


def test_files_beside_the_database(engine, tmp_path):
    app = App(Settings(home=tmp_path, keep_backups_days=30), engine, lambda: YEAR)
    folder, shared = tmp_path / "backups", tmp_path / "shared" / "1"
    for path, age_days in (
        (folder / "coach-old.db", 31),
        (folder / "coach-young.db", 29),
        (folder / "mine.db", 900),
        (shared / "walk", 2),
        (shared / "swim", 0.5),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        at = (YEAR - timedelta(days=age_days)).timestamp()
        os.utime(path, (at, at))
    assert rows(retention.look(app, YEAR)) == {"backups": 1, "shared": 1}
    assert rows(retention.let_go(app, YEAR)) == {"backups": 1, "shared": 1}
    assert sorted(path.name for path in (*folder.iterdir(), *shared.iterdir())) == ["coach-young.db", "mine.db", "swim"]


def test_once_a_day_whoever_asks(app, engine, ada, bring):
    assert retention.sweep(app, NOON) != ()
    assert retention.sweep(app, NOON + timedelta(hours=17)) == ()
    assert retention.sweep(app, NOON + timedelta(hours=24)) != ()
    # The clock was set back by a year: it goes by the new one.
    assert retention.sweep(app, NOON - timedelta(days=365)) != ()


@pytest.mark.sqlite
def test_what_went_cannot_be_read_in_the_file_either(app, engine, ada):
    sent(engine, "unmistakable", NOON - timedelta(days=2))
    retention.let_go(app, YEAR)
    kept = b"".join(path.read_bytes() for path in Path(engine.url.database).parent.glob("coach.db*"))
    assert b"unmistakable" in kept  # the period
    assert b"text unmistakable" not in kept
    assert b"because unmistakable" not in kept
