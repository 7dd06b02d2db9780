"""What a link does: it shows, and only its button acts, once, for its person, as long as it is true."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from coach.checking_in import flare_episodes
from coach.replies import REPLIES
from coach.safety.flares import current
from coach.safety.model import Extent, Phase
from coach.safety.signs import signs
from coach.store import begun, check_ins, locks, people, preferences
from coach.store.contents import TABLES
from coach.store.engine import reading, writing
from coach.store.tables import Person
from config.messages import catalogue

FRIDAY_MORNING = datetime(2026, 6, 5, 6, 30, tzinfo=UTC)  # 08:30 in Berlin
NOON = datetime(2026, 6, 5, 10, tzinfo=UTC)
SUBJECTS = {
    "pain": "morning/2026-06-05",
    "done": "2026-06-05",
    "flare": "2026-06-05",
    "signs": "2026-06-05",
    "snooze": "R4",
    "off": "R4",
    "on": "R4",
}


def flare_of(world):
    with reading(world.engine) as session:
        return current(flare_episodes(session, world.person, world.now))


def locked(world):
    with reading(world.engine) as session:
        return locks.holding(session, world.person.id, world.now)


def dump(world) -> dict[str, list[str]]:
    with world.engine.connect() as connection:
        return {each.name: sorted(map(repr, connection.execute(select(each)))) for each in TABLES}


def test_pain_after_a_session_by_one_tap_and_one_button(world):
    number = world.walk(20, world.now - timedelta(minutes=20))
    url = world.url("pain", f"post/{number}")
    assert "How is it after the walk?" in world.words(world.page(url))
    done = world.press(f"{url}/3")
    assert (done.status_code, "Noted: 3 of 10." in world.words(done)) == (200, True)
    (kept,) = world.check_ins()
    assert (kept.phase, kept.pain, kept.activity_id, kept.at) == (Phase.POST, 3, number, world.now)


def test_the_morning_asked_about_counts_until_noon(world):
    world.now = FRIDAY_MORNING
    url = world.url("pain", "morning/2026-06-05", hours=48)
    assert "Noted: 2 of 10." in world.words(world.press(url, pain="2", extent="3"))
    (kept,) = world.check_ins()
    assert (kept.phase, kept.pain, kept.extent) == (Phase.MORNING, 2, Extent.THIGH)


@pytest.mark.parametrize("at", [NOON, FRIDAY_MORNING + timedelta(days=1), datetime(2026, 6, 5, 1, 59, tzinfo=UTC)])
def test_no_morning_is_told_outside_it(world, at):
    world.now = FRIDAY_MORNING
    url = world.url("pain", "morning/2026-06-05", hours=48)
    form = world.page(url)
    world.now = at
    assert world.page(url).status_code == 409
    late = world.web.post(url, data={"pain": "2"})  # its page had been open since
    assert (form.status_code, late.status_code, "That morning is over" in world.words(late)) == (200, 409, True)
    assert world.check_ins() == []


@pytest.mark.parametrize(
    ("kind", "subject"), [*SUBJECTS.items(), ("step", "2026-W22"), ("pain", "post/1"), ("off", "R4+R8")]
)
def test_a_scanner_that_opens_every_link_changes_nothing(world, kind, subject):
    world.walk(20, world.now - timedelta(minutes=20))
    world.now = FRIDAY_MORNING
    url, before = world.url(kind, subject), dump(world)
    for _ in range(3):
        for address in (url, f"{url}/3", f"{url}/accept"):
            page = world.page(address)
            assert page.status_code in {200, 409}
            assert world.form(page).buttons == (page.status_code == 200)
        assert world.web.head(url).status_code == 405
    assert dump(world) == before


@pytest.mark.parametrize("kind", ["pain", "done", "flare"])
def test_a_second_click_adds_nothing(world, kind):
    world.now = FRIDAY_MORNING
    url = world.url(kind, SUBJECTS[kind])
    answer = {"pain": "2"} if kind == "pain" else {}
    assert world.press(url, **answer).status_code == 200
    before = dump(world)
    again = world.web.post(url, data={"pain": "7", "exercise": "swim", "minutes": "90", "day": "0"})
    assert "answered already, at 08:30" in world.words(again)
    assert "answered already, at 08:30" in world.words(world.page(url))
    assert dump(world) == before


@pytest.mark.parametrize("kind", SUBJECTS)
def test_a_link_that_is_too_late_does_nothing(world, kind):
    world.now = FRIDAY_MORNING
    url, before = world.url(kind, SUBJECTS[kind], minutes=30), dump(world)
    world.now += timedelta(minutes=30)
    for page in (world.page(url), world.web.post(url, data={"pain": "2"})):
        assert (page.status_code, "was open until 2026-06-05 09:00" in world.words(page)) == (410, True)
    assert dump(world) == before


def test_a_forged_link_does_nothing(world):
    url = world.url("off", "R4")
    token = url.rpartition("/")[2]
    other = world.url("off", "R13").rpartition("/")[2]
    mixed = f"{other.partition('.')[0]}.{token.partition('.')[2]}"
    for bad in (token[:-3], f"{token}x", mixed, "x", "%00", token.upper()):
        for page in (world.page(f"/r/{bad}"), world.web.post(f"/r/{bad}")):
            assert page.status_code == 404
            assert "leads nowhere" in world.words(page)
    assert "führt nirgendwohin" in world.words(world.page("/r/x", **{"Accept-Language": "de-DE,de;q=0.9"}))


def test_a_link_signed_with_another_key_is_forged(world, tmp_path):
    from coach.replies.links import open_links
    from config.settings import Settings

    other = open_links(Settings(home=tmp_path / "other", public_url="https://coach.example", database_url=None))
    assert other is not None
    token = world.url("off", "R4").rpartition("/")[2]
    with pytest.raises(Exception, match="not one of ours"):
        other.read(token, world.now)


def test_a_link_knows_no_session_of_another_person(world):
    number = world.walk(20, world.now - timedelta(minutes=20))
    with writing(world.engine, None) as session:
        session.expire_on_commit = False
        bea = Person(name="Bea", timezone="Europe/Berlin", created_at=world.now)
        session.add(bea)
    url = world.url("pain", f"post/{number}", of=bea)
    for page in (world.page(url), world.web.post(url, data={"pain": "3"})):
        assert (page.status_code, "not there any more" in world.words(page)) == (409, True)
    assert world.check_ins() == []


def test_the_link_of_somebody_who_is_gone_leads_nowhere(world):
    url = world.url("flare", "2026-06-04")
    with writing(world.engine, None) as session:
        session.delete(session.get_one(Person, world.person.id))
    assert (world.page(url).status_code, world.web.post(url).status_code) == (404, 404)


@pytest.mark.parametrize("pain", ["11", "-1", "", "3 ", "a", "\u0663"])
def test_an_answer_that_is_none_is_asked_for_again(world, pain):
    world.now = FRIDAY_MORNING
    page = world.press(world.url("pain", "morning/2026-06-05"), pain=pain)
    assert (page.status_code, "Please choose" in world.words(page)) == (422, True)
    assert world.check_ins() == []


def test_new_weakness_is_told_what_to_do_at_once_and_locks(world):
    world.now = FRIDAY_MORNING
    page = world.press(world.url("pain", "morning/2026-06-05"), pain="4", new="weakness")
    assert "Please speak to a doctor today" in world.words(page)
    assert locked(world) is not None
    with world.engine.connect() as connection:  # and R0 is on its way
        assert connection.scalar(text("SELECT count(*) FROM nudge WHERE rule = 'R0'")) == 1


def test_new_numbness_brings_up_the_questions(world):
    world.now = FRIDAY_MORNING
    page = world.press(world.url("pain", "morning/2026-06-05"), pain="4", new="numbness")
    onward = page.text.partition('class="button" href="https://coach.example')[2].partition('"')[0]
    assert "new trouble starting, stopping or feeling urine" in world.words(world.page(onward))


@pytest.mark.parametrize("code", signs())
def test_a_warning_sign_shows_its_text_at_once(world, code):
    page = world.press(world.url("signs", "2026-06-04"), yes=code)
    told = catalogue().text(f"told.{signs()[code].level}", emergency_number="112")
    assert told in world.words(page)
    assert (locked(world) is not None) == signs()[code].level.locks


def test_the_questions_are_answered_either_way(world):
    url = world.url("signs", "2026-06-04")
    assert world.press(url).status_code == 422
    assert world.press(url, yes="fever", none="none").status_code == 422
    assert locked(world) is None
    assert "none of the warning signs" in world.words(world.press(url, none="none"))


def test_what_cannot_be_kept_is_told_all_the_same(world):
    url = world.url("signs", "2026-06-04")
    with world.engine.begin() as connection:
        connection.execute(text("DROP TABLE sign_answers"))
    page = world.web.post(url, data={"yes": "bladder"})
    assert (page.status_code, "Go to your nearest emergency department now" in world.words(page)) == (503, True)


def test_a_flare_begins(world):
    page = world.press(world.url("flare", "2026-06-04"))
    assert "Nothing is asked of you now" in world.words(page)
    assert flare_of(world) is not None
    assert world.page(world.url("flare", "2026-06-05")).status_code == 409


def test_done_without_a_device(world):
    url = world.url("done", "2026-06-04")
    page = world.press(url, exercise="pool_walk", minutes="15", day="1")
    assert "15 min, pool walk" in world.words(page)
    with reading(world.engine) as session:
        (kept,) = begun.between(session, world.person.id, world.now - timedelta(days=2), world.now, UTC)
    assert kept.day == date(2026, 6, 3)


@pytest.mark.parametrize("wrong", [{"minutes": "0"}, {"minutes": "x"}, {"exercise": "chess"}, {"day": "9"}])
def test_what_cannot_have_been_done(world, wrong):
    before = dump(world)
    assert world.press(world.url("done", "2026-06-04"), **wrong).status_code == 422
    assert dump(world) == before


def test_less_of_a_kind_and_more_again(world):
    def wish(rule):
        with reading(world.engine) as session:
            return preferences.wishes(session, world.person.id).against(rule, world.now, opt_in=False)

    world.press(world.url("off", "R4+R8"))
    assert (wish("R4"), wish("R8")) == ("turned off", "turned off") or (wish("R4") and wish("R8"))
    world.press(world.url("on", "R4"))
    assert wish("R4") is None
    assert "Thursday, 11 June 2026" in world.words(world.press(world.url("snooze", "R4")))
    assert wish("R4") is not None


def test_one_click_of_the_mail_program(world):
    """RFC 8058: a POST with a body of its own, without the page."""
    page = world.web.post(world.url("off", "R13"), data={"List-Unsubscribe": "One-Click"})
    assert page.status_code == 200
    with reading(world.engine) as session:
        assert preferences.wishes(session, world.person.id).against("R13", world.now, opt_in=False)


def test_a_warning_sign_cannot_be_turned_off(world):
    assert world.page(world.url("off", "R0")).status_code == 409


def test_pages_are_told_nothing_and_keep_nothing(world):
    for url in (world.url("off", "R4"), "/r/x", "/nowhere", "/static/coach.css"):
        headers = world.page(url).headers
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == ("no-cache" if url.startswith("/static/") else "no-store")
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "set-cookie" not in headers


def test_no_log_has_a_token_or_an_answer(world, caplog):
    caplog.set_level(logging.DEBUG)
    world.now = FRIDAY_MORNING
    url = world.url("pain", "morning/2026-06-05")
    world.press(url, pain="7")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("coach", "scheduler"))]
    assert ours == [f"reply kind=pain person={world.person.id} kept"]
    assert url.rpartition("/")[2] not in repr(world.links)


def test_a_flood_is_refused(world):
    assert world.web.post(world.url("off", "R4"), data={"x": "y" * 70_000}).status_code == 413


def test_every_kind_speaks_every_language(world):
    world.now = FRIDAY_MORNING
    with writing(world.engine, None) as session:
        session.get_one(Person, world.person.id).language = "de"
    assert set(SUBJECTS) | {"step"} == set(REPLIES)
    for kind, subject in SUBJECTS.items():
        page = world.page(world.url(kind, subject))
        assert (page.status_code, '<html lang="de">' in page.text) == (200, True)


class TestStep:
    """The plan's next step, by a link."""

    WEEK = "2026-W23"

    @pytest.fixture
    def offered(self, world):
        """A week that went well; it is the Monday after."""
        for day in range(1, 6):
            end = datetime(2026, 6, day, 15, tzinfo=UTC)
            for at, pain, phase in (
                (end - timedelta(minutes=20), 1, Phase.PRE),
                (end, 1, Phase.PEAK),
                (end + timedelta(minutes=5), 1, Phase.POST),
                (end.replace(hour=5) + timedelta(days=1), 1, Phase.MORNING),
            ):
                self.tell(world, at, pain, phase)
            world.now = end
            world.walk(10, end)
        for day in (3, 5):
            world.now = datetime(2026, 6, day, 18, tzinfo=UTC)
            world.press(world.url("done", f"2026-06-0{day}"), exercise="swim", minutes="15", day="0")
            self.tell(world, world.now, 1, Phase.POST)
        world.now = datetime(2026, 6, 8, 8, tzinfo=UTC)
        return world

    def tell(self, world, at, pain, phase):
        from coach.safety.model import CheckIn

        with writing(world.engine, None) as session:
            check_ins.add(session, world.person.id, CheckIn(at, phase, pain), at)

    def versions(self, world):
        with reading(world.engine) as session:
            return len(people.plan_versions(session, world.person.id))

    def test_it_is_accepted(self, offered):
        url = offered.url("step", self.WEEK)
        assert "Move to this step" in offered.words(offered.page(url))
        assert "Your plan has moved." in offered.words(offered.press(f"{url}/accept"))
        assert self.versions(offered) == 2
        assert offered.web.post(url, data={"answer": "stay"}).status_code == 409

    def test_it_may_be_asked_about_first(self, offered):
        url = offered.url("step", self.WEEK)
        assert "ask your clinician first" in offered.words(offered.press(f"{url}/ask"))
        assert "Your plan has moved." in offered.words(offered.press(f"{url}/accept"))

    def test_no_moving_up_on_a_sore_day(self, offered):
        url = offered.url("step", self.WEEK)
        form = offered.page(url)
        self.tell(offered, offered.now, 8, Phase.PRE)
        assert "Move to this step" not in offered.words(offered.page(url))
        assert "Move to this step" in offered.words(form)
        assert offered.web.post(url, data={"answer": "accept"}).status_code == 422
        assert self.versions(offered) == 1
        assert offered.web.post(url, data={"answer": "stay"}).status_code == 200

    def test_no_moving_up_on_a_locked_plan(self, offered):
        url = offered.url("step", self.WEEK)
        offered.press(offered.url("signs", "2026-06-08"), yes="fever")
        page = offered.web.post(url, data={"answer": "accept"})
        assert (page.status_code, "locked" in offered.words(page), self.versions(offered)) == (409, True, 1)

    def test_no_moving_up_where_nothing_is_offered(self, world):
        world.now = datetime(2026, 6, 8, 8, tzinfo=UTC)
        page = world.web.post(world.url("step", self.WEEK), data={"answer": "accept"})
        assert (page.status_code, "Nothing is offered after 2026-W23" in world.words(page)) == (409, True)

    def test_the_step_of_an_earlier_week_is_gone(self, offered):
        url = offered.url("step", self.WEEK, days=14)
        offered.now += timedelta(days=7)
        assert "another week has closed" in offered.words(offered.page(url))
