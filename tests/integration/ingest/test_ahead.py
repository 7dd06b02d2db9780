"""Letters worded before they are due are those that would be worded then; what changes meanwhile has its say."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from io import StringIO

import pytest
from sqlalchemy import select, text, update

from coach import ahead, messenger, tasks, working
from coach.plan import Diagnosis
from coach.plan.library import condition, example_plan
from coach.progression import OfferKind
from coach.replies.links import open_links
from coach.safety import CheckIn, Excusal, ExcusalKind, Phase
from coach.safety.model import Answers
from coach.service import Service
from coach.store import access, check_ins, excusals, flares, people, preferences, sign_answers, steps
from coach.store.engine import reading, writing
from coach.store.tables import Person
from coach.store.worded import WordedLetter
from coach.weeks import IsoWeek
from config.settings import Settings
from scheduler import outbox
from scheduler.messages import Action, Attachment, Message, Picture
from scheduler.tables import NUDGE, State

DUE = datetime(2026, 6, 8, 6, 30, tzinfo=UTC)  # a Monday, 08:30 in Berlin
FOUR = DUE - timedelta(hours=4, minutes=30)
MINUTE = timedelta(minutes=1)
PLAN = example_plan(
    condition("disc_herniation"),
    starts_on=date(2026, 5, 18),
    diagnosis=Diagnosis(made_by="Dr Bo", made_on=date(2026, 5, 1)),
)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(
        home=tmp_path,
        smtp_url=None,
        database_url=None,
        message_folder=tmp_path / "letters",
        public_url="https://coach.example.org",
    )


class Clock:
    now = FOUR

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(settings, engine, clock, ada, bring) -> Service:
    with writing(engine, None) as session:
        people.add_plan(session, ada.id, PLAN, ada.created_at)
    bring(ada, "walk", at=DUE - timedelta(days=6))
    with writing(engine, None) as session:
        people.heard(session, ada.id, "sync", DUE - timedelta(hours=12))
        check_ins.add(session, ada.id, CheckIn(DUE - timedelta(days=2), Phase.MORNING, 2), DUE)
    return Service(settings, engine, clock)


def worded(engine) -> list[WordedLetter]:
    with reading(engine) as session:
        return list(session.connection().execute(select(WordedLetter)).all())


def word_ahead(app: Service) -> None:
    """What the service does each minute, and where several share the work, what is left to whoever works."""
    asyncio.run(app.word_ahead())
    with reading(app.engine) as session:
        persons = ahead.lacking(session, app.clock())
    assert not persons or app.engine.dialect.name == "postgresql"
    working.calls(app)[tasks.WORD](persons)


def word(app: Service) -> None:
    app.plan_nudges()
    word_ahead(app)


def delivered(app: Service) -> bytes:
    """The letter as it lies in the folder."""
    reports = app.sweep(app.channels(StringIO()))
    assert [(each.rule, each.state) for each in reports if each.rule == "R13"] == [("R13", State.SENT)]
    (letter,) = app.settings.message_folder.glob("*.eml")
    return letter.read_bytes()


def prepared(app: Service, now: datetime) -> Message:
    """As it would be worded at a moment, whatever is kept."""
    with app.engine.connect() as connection:
        hers = (NUDGE.c.rule == "R13") & (NUDGE.c.recipient_id == "1")
        (row,) = connection.execute(select(NUDGE).where(hers)).mappings()
    due = ahead.Due(*(row[name] for name in ahead.Due._fields))
    with reading(app.engine) as session:
        return messenger._message(session, due, now, app.links)


def plain(message: Message) -> tuple[object, ...]:
    pictures = [(each.name, each.paint()) for each in message.pictures]
    return (*(getattr(message, name) for name in message.__slots__ if name != "pictures"), pictures)


@pytest.mark.thorough
def test_it_is_known_and_worded_from_four_in_the_morning_on(app, clock):
    clock.now = FOUR - MINUTE
    word(app)
    assert worded(app.engine) == []
    clock.now = FOUR
    word(app)
    (letter,) = worded(app.engine)
    assert (letter.as_of, letter.person_id) == (DUE, 1)
    assert 1_000 < len(letter.content) < 60_000


def test_it_is_the_letter_that_would_be_worded_when_it_is_due(app, clock):
    word(app)
    (letter,) = worded(app.engine)
    kept = ahead._read(letter.content)
    assert plain(kept) == plain(prepared(app, DUE))
    assert kept.pictures
    assert kept.actions


def test_a_message_of_every_part_comes_back_as_it_was():
    whole = Message(
        "Title ä",
        "Text\n\n李",
        "<html>",
        (Action("Pain", "https://coach.example.org/r/x", ("0", "1"), aside=True),),
        (Picture("trend.png", lambda: b"\x89PNG"),),
        (Attachment("week.ics", "text/calendar; method=PUBLISH", b"BEGIN:VCALENDAR\r\n"),),
        "https://coach.example.org/r/y",
        "de",
    )
    assert all(getattr(whole, name) for name in Message.__slots__)
    assert plain(ahead._read(ahead._written(whole))) == plain(whole)
    bare = Message("Title", "Text")
    assert ahead._read(ahead._written(bare)) == bare


def test_it_goes_out_as_it_was_worded_and_is_let_go_of(app, clock, engine, monkeypatch):
    word(app)
    expected = plain(prepared(app, DUE))
    monkeypatch.setattr(messenger, "_message", lambda *_: pytest.fail("worded anew"))
    clock.now = DUE + 10 * MINUTE
    mail = message_from_bytes(delivered(app), policy=policy.default)
    assert mail["Subject"] == expected[0]
    assert [each.get_content() for each in mail.walk() if each.get_content_type() == "image/png"] == [
        expected[-1][0][1]
    ]
    clock.now = DUE + ahead.GOOD_FOR + MINUTE
    word_ahead(app)
    assert worded(engine) == []


@pytest.mark.thorough
@pytest.mark.parametrize("late", [ahead.GOOD_FOR + MINUTE, timedelta(hours=5)])
def test_long_after_its_moment_it_is_worded_anew(app, clock, late, monkeypatch):
    word(app)
    anew = []
    real = messenger._message
    monkeypatch.setattr(messenger, "_message", lambda *given: anew.append(given) or real(*given))
    clock.now = DUE + late
    delivered(app)
    assert anew


CHANGES = {
    "pain": lambda s, p: check_ins.add(s, p, CheckIn(FOUR, Phase.MORNING, 8), FOUR),
    "a warning sign": lambda s, p: sign_answers.add(s, p, Answers(FOUR, ("saddle_numbness",))),
    "a flare": lambda s, p: flares.start(s, p, FOUR),
    "an illness": lambda s, p: excusals.add(s, p, Excusal(ExcusalKind.ILLNESS, FOUR.date()), None, FOUR),
    "a plan": lambda s, p: people.add_plan(s, p, PLAN.model_copy(update={"starts_on": FOUR.date()}), FOUR),
    "a sync": lambda s, p: people.heard(s, p, "sync", FOUR),
    "a step": lambda s, p: steps.answer(
        s, p, IsoWeek(2026, 23), offer=OfferKind.UP, choice="stay", version=None, at=FOUR
    ),
    "turned off": lambda s, p: preferences.turn_off(s, p, "R13"),
    "a name": lambda s, p: setattr(s.get_one(Person, p), "name", "Countess"),
    "a language": lambda s, p: setattr(s.get_one(Person, p), "language", "de"),
}


SOON = {"pain", "a warning sign"}
EACH = [pytest.param(each, marks=() if each in SOON else pytest.mark.thorough) for each in CHANGES]


@pytest.mark.parametrize("change", EACH)
def test_whatever_changes_drops_it_and_it_is_worded_anew(app, ada, bea, engine, change):
    with writing(engine, None) as session:
        people.add_plan(session, bea.id, PLAN, bea.created_at)
        people.heard(session, bea.id, "sync", FOUR)
    word(app)
    before = {each.person_id: each.token for each in worded(engine)}
    assert set(before) == {ada.id, bea.id}
    with writing(engine, ada.id) as session:
        CHANGES[change](session, ada.id)
    assert {each.person_id: each.token for each in worded(engine)} == {bea.id: before[bea.id]}, "nobody else's"
    word_ahead(app)
    (again,) = [each for each in worded(engine) if each.person_id == ada.id]
    now = prepared(app, DUE)
    assert plain(ahead._read(again.content)) == plain(now) if isinstance(now, Message) else again.content == b""


def test_what_changes_while_it_is_worded_is_not_missed(app, ada, engine):
    """Whoever writes between the reading and the keeping."""
    app.plan_nudges()
    with messenger.preparing(engine, app.links) as prepare:

        def told_meanwhile(due, now):
            message = prepare["R13"](due, now)
            with writing(engine, ada.id) as session:
                check_ins.add(session, ada.id, CheckIn(FOUR, Phase.MORNING, 8), FOUR)
            return message

        assert ahead.word_each(engine, {"R13": told_meanwhile}, app.links, [ada.id], app.clock) == 0
    assert worded(engine) == []
    word_ahead(app)
    (letter,) = worded(engine)
    assert plain(ahead._read(letter.content)) == plain(prepared(app, DUE))


def test_what_was_worded_before_a_change_is_not_kept_in_the_row_that_another_worker_reserved_after_it(app, ada, engine):
    app.plan_nudges()
    with messenger.preparing(engine, app.links) as prepare:

        def overtaken(due, now):
            message = prepare["R13"](due, now)
            with writing(engine, ada.id) as session:
                check_ins.add(session, ada.id, CheckIn(FOUR, Phase.MORNING, 8), FOUR)
            assert ahead.word_each(engine, prepare, app.links, [ada.id], app.clock) == 1
            return message

        assert ahead.word_each(engine, {"R13": overtaken}, app.links, [ada.id], app.clock) == 0
    (letter,) = worded(engine)
    assert plain(ahead._read(letter.content)) == plain(prepared(app, DUE))


def test_who_is_locked_before_it_goes_out_gets_none(app, ada, clock, engine):
    word(app)
    with writing(engine, ada.id) as session:
        sign_answers.add(session, ada.id, Answers(FOUR, ("saddle_numbness",)))
    clock.now = DUE
    reports = app.sweep(app.channels(StringIO()))
    assert [(each.state, each.detail) for each in reports if each.rule == "R13"] == [
        (State.SUPPRESSED, "the plan is locked")
    ]


@pytest.mark.thorough
def test_another_program_or_another_key_words_it_anew(app, clock, settings, engine, tmp_path):
    word(app)
    with engine.begin() as connection:
        connection.execute(update(WordedLetter).values(content=b"not to be read"))
        connection.execute(update(WordedLetter).values(made_by="another"))
    clock.now = DUE
    assert b"not to be read" not in delivered(app)
    elsewhere = Settings(**{**settings.model_dump(), "public_url": "https://other.example.org"})
    assert open_links(elsewhere).mark != app.links.mark


@pytest.mark.thorough
def test_of_who_was_killed_between_the_steps_the_letter_is_worded_when_it_is_due(app, ada, clock, engine):
    app.plan_nudges()

    def killed(*_):
        raise SystemExit

    with pytest.raises(SystemExit):
        ahead.word_each(engine, {"R13": killed}, app.links, [ada.id], app.clock)
    (reserved,) = worded(engine)
    assert reserved.content == b""
    clock.now = DUE
    assert b"Warning signs" in delivered(app)


@pytest.mark.thorough
def test_ones_fault_is_theirs_alone(app, ada, bea, engine, caplog):
    with writing(engine, None) as session:
        people.add_plan(session, bea.id, PLAN, bea.created_at)
        people.heard(session, bea.id, "sync", FOUR)
    app.plan_nudges()
    with engine.begin() as connection:
        connection.execute(text("UPDATE plan_version SET document = '{}' WHERE person_id = :id"), {"id": ada.id})
    word_ahead(app)
    assert {each.person_id: bool(each.content) for each in worded(engine)} == {ada.id: False, bea.id: True}
    assert f"person={ada.id} nothing worded ahead" in caplog.text


@pytest.mark.thorough
def test_a_look_of_a_clinician_leaves_it(app, ada, engine):
    word(app)
    with writing(engine, ada.id) as session:
        access.note(session, access.What.WEEK, ada.id, FOUR)
    assert len(worded(engine)) == 1


@pytest.mark.thorough
def test_what_is_not_to_go_out_any_more_is_not_worded(app, ada, engine):
    app.plan_nudges()
    with engine.begin() as connection:
        outbox.cancel(connection, str(ada.id), "R13", "2026-W23", "tested")
    word_ahead(app)
    assert worded(engine) == []
