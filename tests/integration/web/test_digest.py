"""The Monday overview: who gets it, when, once, and what it says; sent by a whole sweep into a folder of letters."""

import email
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy

import pytest
from sqlalchemy import select, update

from coach.care import digest
from coach.erasing import erase
from coach.safety import Answers, CheckIn, Phase
from coach.service import Service
from coach.store import check_ins, people, sign_answers
from coach.store.access import looks
from coach.store.accounts import Account
from coach.store.care import Care
from coach.store.engine import reading, writing
from coach.store.tables import Person, key
from coach.web.pages import site as whole_site
from scheduler.tables import DELIVERY, NUDGE, State

MONDAY = datetime(2026, 6, 8, 6, 30, tzinfo=UTC)
"""8:30 in Berlin."""


@pytest.fixture
def folder(world, tmp_path):
    world.app = replace(world.app, settings=world.app.settings.model_copy(update={"message_folder": tmp_path / "out"}))
    world.web = whole_site(world.app, None)
    return tmp_path / "out"


@pytest.fixture
def lind(world, folder):
    ada, bo = world.person("Ada"), world.person("Bo")
    browser = world.clinician("Lind", ada, bo)
    browser.ada, browser.bo = ada, bo
    return browser


def wants(browser, zone="Europe/Berlin"):
    return browser.send("/account/digest", zone=zone, do="send")


def swept(world, now=MONDAY) -> list[str]:
    """What became of the digests that this sweep took."""
    world.now = now
    service = Service(world.app.settings, world.app.engine, world.app.clock)
    digest.plan(world.app.engine, world.app.settings, now)
    reports = service.sweep(service.channels(io.StringIO()))
    return [str(each.state) for each in reports if each.rule == digest.RULE]


def letters(folder):
    found = [email.message_from_bytes(each.read_bytes(), policy=policy.default) for each in folder.rglob("*.eml")]
    return [each for each in found if each["To"] == "lind@example.org"]


def texts(letter) -> str:
    return " ".join(letter.get_body(("plain",)).get_content().split())


def test_who_is_marked_is_told_on_monday_once(world, folder, lind, words):
    assert "goes to lind@example.org" in words(wants(lind))
    with writing(world.app.engine, None) as session:
        sign_answers.add(session, key(lind.bo), Answers(world.now, ("saddle_numbness",)))
        at = MONDAY - timedelta(hours=1)
        check_ins.add(session, key(lind.ada), CheckIn(at, Phase.MORNING, 8), at)
        people.heard(session, key(lind.ada), "watch", at)
    assert swept(world, MONDAY - timedelta(minutes=1)) == []
    assert swept(world) == ["sent"]
    assert swept(world, MONDAY + timedelta(minutes=1)) == []
    (letter,) = letters(folder)
    assert letter["Subject"] == "Your overview for Monday"
    told = texts(letter)
    for sentence in ("Of 2 people", "2 may need a look", "Locked, 1: Bo.", "In pain, 1: Ada.", "7 days, 1: Bo."):
        assert sentence in told
    for secret in ("disc", "hernia", "saddle"):
        assert secret not in letter.as_string()
    with reading(world.app.engine) as session:
        assert "digest" in [each.what for each in looks(session, key(lind.ada), limit=9)]


def test_a_week_later_there_is_another(world, folder, lind):
    wants(lind)
    assert swept(world) + swept(world, MONDAY + timedelta(days=7)) == ["sent", "sent"]


def test_a_worker_that_stopped_before_it_wrote_down_the_end_sends_it_under_the_same_id(world, folder, lind):
    """As after any crash: the mailbox knows by its Message-ID that it is one."""
    wants(lind)
    swept(world)
    stopped = {"state": State.LEASED, "intent_at": MONDAY, "not_before": MONDAY, "sent_at": None}
    with writing(world.app.engine, None) as session:
        ours = DELIVERY.c.nudge_id.in_(select(NUDGE.c.id).where(NUDGE.c.rule == digest.RULE))
        session.connection().execute(update(DELIVERY).where(ours).values(**stopped))
    assert swept(world, MONDAY + timedelta(hours=1)) == ["sent"]
    assert len({each["Message-ID"] for each in letters(folder)}) == 1
    with reading(world.app.engine) as session:
        assert len(session.connection().execute(select(NUDGE).where(NUDGE.c.rule == digest.RULE)).all()) == 1


def test_of_whom_it_ended_it_says_nothing(world, folder, lind):
    wants(lind)
    lind.send(f"/people/{lind.bo.id}/end")
    assert swept(world) == ["sent"]
    assert "Bo" not in texts(letters(folder)[0])


def test_ended_between_planning_and_sending_it_is_not_sent(world, folder, lind):
    wants(lind)
    world.now = MONDAY
    assert digest.plan(world.app.engine, world.app.settings, MONDAY) == 1
    with writing(world.app.engine, None) as session:
        session.connection().execute(update(Care).values(ended_at=MONDAY))
    assert swept(world) == ["cancelled"]
    assert letters(folder) == []


@pytest.mark.parametrize("how", ["never", "no more"])
def test_who_does_not_want_it_gets_none(world, folder, lind, words, how):
    if how == "no more":
        wants(lind)
        assert "sent no more" in words(lind.send("/account/digest", do="stop"))
    assert swept(world) == []


def test_too_late_there_is_none(world, folder, lind):
    wants(lind)
    assert swept(world, MONDAY + timedelta(days=2)) == []


def test_monday_is_where_they_are(world, folder, lind):
    wants(lind, "America/New_York")
    assert swept(world) == []
    assert swept(world, MONDAY + timedelta(hours=6)) == ["sent"]


def test_a_zone_that_is_none(lind, words):
    assert "time zone" in words(lind.send("/account/digest", zone="Europe/Nowhere", do="send", status=422))


def test_in_the_language_in_which_it_was_asked_for(world, folder, lind):
    lind.client.headers["accept-language"] = "de"
    wants(lind)
    swept(world)
    assert letters(folder)[0]["Subject"] == "Ihre Übersicht am Montag"


def test_its_words_do_not_outlast_it_here(world, folder, lind):
    wants(lind)
    swept(world)
    digest.plan(world.app.engine, world.app.settings, MONDAY + timedelta(minutes=1))
    with reading(world.app.engine) as session:
        ours = select(DELIVERY.c.text).where(
            DELIVERY.c.nudge_id.in_(select(NUDGE.c.id).where(NUDGE.c.rule == digest.RULE))
        )
        assert session.connection().execute(ours).scalars().all() == [None]


def test_who_is_erased_leaves_no_digest(world, folder, lind):
    with writing(world.app.engine, None) as session:
        session.expire_on_commit = False
        own = Person(name="Lind", timezone="Europe/Berlin", created_at=world.now)
        session.add(own)
        session.flush()
        session.connection().execute(
            update(Account.__table__).where(Account.email == "lind@example.org").values(person_id=key(own))
        )
    wants(lind)
    swept(world)
    erase(world.app.engine, world.app.settings, key(own), world.now)
    with reading(world.app.engine) as session:
        assert session.connection().execute(select(NUDGE).where(NUDGE.c.rule == digest.RULE)).all() == []


def test_without_mail_it_cannot_be_asked_for(world, words):
    browser = world.clinician("Moss", world.person("Ada"))
    assert "No mail is set up" in words(browser.open("/account/digest"))
