"""From judged weeks to the outbox and back: the rules meet the scheduler."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import text

from coach import messenger
from coach.demo import sessions
from coach.ingest.taking import ingest
from coach.plan import Diagnosis
from coach.plan.library import condition, example_plan
from coach.safety import CheckIn, Extent, Phase
from coach.service import Service
from coach.store import check_ins, flares, preferences
from coach.store import people as stored_people
from coach.store.engine import reading, writing
from config.settings import Settings
from devices.fit.sources import Source
from devices.fit.write import write
from scheduler import outbox
from scheduler.tables import State

MONDAY = datetime(2026, 6, 8, 8, 30, tzinfo=UTC)  # 10:30 in Berlin: a week has closed


def give_plan(engine, person, *, diagnosed=True):
    plan = example_plan(
        condition("disc_herniation"),
        starts_on=date(2026, 6, 1),
        diagnosis=Diagnosis(made_by="Dr Bo", made_on=date(2026, 5, 1)) if diagnosed else None,
    )
    with writing(engine, None) as session:
        stored_people.add_plan(session, person.id, plan, person.created_at)
        stored_people.heard(session, person.id, "import", MONDAY)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path, smtp_url=None, database_url=None, message_folder=tmp_path / "letters")


@pytest.fixture
def app(settings, engine) -> Service:
    return Service(settings, engine, lambda: MONDAY)


def sweep(app):
    return app.sweep(app.channels(None))


def history(engine, person):
    with engine.connect() as connection:
        return outbox.history(connection, str(person.id))


def test_a_week_that_closed_is_told_once_with_its_page(engine, ada, app, settings):
    give_plan(engine, ada)
    assert app.plan_nudges() == 1
    assert app.plan_nudges() == 0
    (report,) = sweep(app)
    assert (report.rule, report.period, report.state) == ("R13", "2026-W23", State.SENT)
    assert sweep(app) == []
    (letter,) = settings.message_folder.glob("*.eml")
    mail = message_from_bytes(letter.read_bytes(), policy=policy.default)
    assert "Warning signs" in mail.get_body(("plain",)).get_content()
    assert "<html" in mail.get_body(("html",)).get_content()
    assert mail["To"] == "person-1@localhost"


@pytest.mark.parametrize("name", ["Jürgen Groß", "Ada, Countess", "O'Brien <x>", "李"])
def test_a_letter_to_the_folder_reaches_any_name(engine, ada, app, name):
    give_plan(engine, ada)
    with engine.begin() as connection:
        connection.execute(text("UPDATE person SET name = :name WHERE id = :id"), {"name": name, "id": ada.id})
    app.plan_nudges()
    assert [report.state for report in sweep(app)] == [State.SENT]


def test_a_locked_plan_says_nothing(engine, ada, app):
    give_plan(engine, ada, diagnosed=False)
    assert app.plan_nudges() == 0


def test_what_a_rule_asks_besides_stands_behind_its_words(engine, ada, app, settings):
    """Clinical rules, section 3: in water it is how hard it felt that counts first."""
    give_plan(engine, ada)
    data = write(sessions.swim(MONDAY - timedelta(hours=1), 16))
    assert [each.reason for each in ingest(engine, ada, [Source("swim.fit", lambda: data)], lambda: MONDAY)] == [None]
    app.plan_nudges()
    sweep(app)
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in settings.message_folder.iterdir()]
    assert any("`coach label 1 --borg N`" in mail.get_body(("plain",)).get_content() for mail in mails)


def test_one_who_is_gone_gets_nothing(engine, ada, app):
    give_plan(engine, ada)
    app.plan_nudges()
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM person WHERE id = :id"), {"id": ada.id})
    (report,) = sweep(app)
    assert (report.state, report.detail) == (State.CANCELLED, "the person is no longer here")


def test_one_persons_fault_is_theirs_alone(engine, ada, bea, app, caplog):
    for person in (ada, bea):
        give_plan(engine, person)
    with engine.begin() as connection:
        connection.execute(text("UPDATE plan_version SET document = '{}' WHERE person_id = :id"), {"id": ada.id})
    assert app.plan_nudges() == 1
    assert [each.rule for each in history(engine, bea)] == ["R13"]
    assert f"person={ada.id}" in caplog.text


def test_nobody_is_told_of_what_is_anothers(engine, ada, bea, app, bring):
    for person in (ada, bea):
        give_plan(engine, person)
    bring(ada, "walk", at=MONDAY)
    app.plan_nudges()
    assert {report.recipient_id for report in sweep(app)} == {str(ada.id), str(bea.id)}
    told = {person.name: history(engine, person)[0].text for person in (ada, bea)}
    assert "1 of 5" not in told["Bea"]
    assert "Walks: 0 of 5" in told["Bea"]


def test_where_a_person_is_reached(engine, ada, tmp_path):
    def reached(email, **settings):
        ada.email = email
        chosen = {"smtp_url": None, "message_folder": None, **settings}
        with reading(engine) as session:
            found = messenger.addresses(session, ada, Settings(home=tmp_path, **chosen))
        return [(to.channel, to.address) for to in found]

    smtp = {"smtp_url": "smtp://mail.example.org"}
    folder = {"message_folder": tmp_path}
    assert reached("ada@example.org") == [("console", "Ada")]
    assert reached("ada@example.org", **smtp) == [("email", "ada@example.org")]
    assert reached(None, **smtp) == [("console", "Ada")]
    assert reached("ada@example.org", **smtp, **folder) == [
        ("email", "ada@example.org"),
        ("file", "ada@example.org"),
    ]


def test_a_nudge_that_is_due_on_a_channel_that_is_gone_waits(engine, ada, app, settings):
    give_plan(engine, ada)
    app.plan_nudges()
    elsewhere = Service(settings.model_copy(update={"message_folder": None}), engine, app.clock)
    (report,) = sweep(elsewhere)
    assert (report.state, report.detail) == (State.PENDING, "channel file is not set up")
    later = Service(settings, engine, lambda: MONDAY + timedelta(hours=1))
    assert [each.state for each in sweep(later)] == [State.SENT]


THURSDAY = datetime(2026, 6, 4, 10, 30, tzinfo=UTC)  # 12:30 in Berlin


def test_a_nudge_that_urges_is_held_back_on_a_day_on_which_nothing_is_asked(engine, ada, settings):
    """Looked at again when it is sent: a day can be excused after the nudge was planned."""
    give_plan(engine, ada)
    walk = write(sessions.walk(datetime(2026, 6, 2, 9, tzinfo=UTC), 10))
    list(ingest(engine, ada, [Source("walk", lambda: walk)], lambda: THURSDAY))
    thursday = Service(settings, engine, lambda: THURSDAY)
    assert thursday.plan_nudges() == 1
    with writing(engine, None) as session:
        flares.start(session, ada.id, THURSDAY)
    (report,) = sweep(thursday)
    assert (report.rule, report.state, report.detail) == ("R4", State.SUPPRESSED, "nothing is asked today")


def test_two_of_one_rule_in_one_sweep_say_it_differently(engine, ada, settings, bring):
    give_plan(engine, ada)
    bring(ada, "walk", "swim", "ride")
    evening = Service(settings, engine, lambda: datetime(2026, 6, 1, 16, tzinfo=UTC))
    assert evening.plan_nudges() > 1
    sweep(evening)
    (told,) = {each.text for each in history(engine, ada) if each.rule == "R1"}  # in one message
    parts = told.split("\n\n")
    assert len({part.split(" min")[0].strip("0123456789") for part in parts}) == len(parts) > 1


def mornings(engine, person, day, *extents):
    with writing(engine, None) as session:
        for n, extent in enumerate(extents):
            at = datetime(2026, 6, day + n, 6, tzinfo=UTC)
            check_ins.add(session, person.id, CheckIn(at, Phase.MORNING, 2, extent), at)


@pytest.mark.parametrize(("silent", "again"), [(True, True), (False, False)])
def test_only_what_could_be_heard_gives_a_rule_its_rest(engine, ada, settings, silent, again):
    """R11 comes once in a fortnight: one that was never sent leaves the next its turn."""
    give_plan(engine, ada)
    mornings(engine, ada, 9, Extent.FOOT, Extent.BELOW_KNEE, Extent.THIGH, Extent.BUTTOCK, Extent.BACK)
    said = []
    for day in (12, 13):
        service = Service(settings, engine, lambda day=day: datetime(2026, 6, day, 7, tzinfo=UTC))
        service.plan_nudges()
        if silent and day == 12:  # turned off after it was planned, and on again
            with writing(engine, None) as session:
                preferences.turn_off(session, ada.id, "R11")
        said += [(each.period, each.state) for each in sweep(service) if each.rule == "R11"]
        with writing(engine, None) as session:
            preferences.turn_on(session, ada.id, "R11", None)
    first = State.SUPPRESSED if silent else State.SENT
    assert said == [("2026-06-12", first), ("2026-06-13", State.SENT)][: 1 + again]
