"""The calendar file of a coming week: read back, on ordinary days and on both on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from coach.history import Version
from coach.plan import Plan
from coach.plan.model import Slot
from coach.summary.agenda import Planned, agenda, attachments, planned
from coach.weeks import IsoWeek
from config.messages import catalogue

WHOM = UUID("6f0c1c1e-5c0e-5d4b-9a53-0b1d6a2f7c12")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 9, 7, 30, tzinfo=UTC)
WEEK = IsoWeek(2026, 46)


def with_days(plan: Plan, **days: tuple[str, ...]) -> Plan:
    items = [
        item.model_copy(
            update={"planned": tuple(Slot.model_validate(day) for day in days.get(item.exercise, ())) or None}
        )
        for item in plan.prescriptions
    ]
    return plan.model_copy(update={"prescriptions": tuple(items)})


def sessions(plan: Plan, number: int = 3, week: IsoWeek = WEEK) -> tuple[Planned, ...]:
    return tuple(planned((day, Version(number, plan)) for day in week.days))


def events(found: tuple[Planned, ...], language: str = "en", now: datetime = NOW) -> list[Any]:
    written = agenda(found, WHOM, BERLIN, now, catalogue(language))
    return list(Calendar.from_ical(written).walk("VEVENT"))


def test_a_session_with_a_time_and_one_without(post: Any) -> None:
    plan = with_days(post.plan(), level_walk=("mon 17:30", "thu"), swim=("sat 09:00",))
    timed, all_day, swim = sorted(events(sessions(plan)), key=lambda each: str(each.decoded("dtstart"))[:10])
    assert str(timed["summary"]) == "Walk, 10 min"
    assert timed.decoded("dtstart") == datetime(2026, 11, 9, 16, 30, tzinfo=UTC)
    assert timed.decoded("dtend") - timed.decoded("dtstart") == timedelta(minutes=10)
    assert (all_day.decoded("dtstart"), all_day.decoded("dtend")) == (date(2026, 11, 12), date(2026, 11, 13))
    assert str(all_day["transp"]) == "TRANSPARENT"
    assert str(swim["summary"]) == "Swim, 15 min"
    assert next(str(each["summary"]) for each in events(sessions(plan), "de")) == "Spaziergang, 10 min"


def test_the_file_is_published_and_tells_nothing_of_a_diagnosis(post: Any) -> None:
    plan = with_days(post.plan(flexion_tolerated=False), level_walk=("mon 17:30",))
    written = agenda(sessions(plan), WHOM, BERLIN, NOW, catalogue()).decode()
    calendar = Calendar.from_ical(written)
    assert (str(calendar["method"]), str(calendar["version"])) == ("PUBLISH", "2.0")
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtstamp") == NOW
    assert str(event["class"]) == "PRIVATE"
    for private in ("sciatica", "hernia", "pain", "uphill", "Ada"):
        assert private not in written.lower()
    assert written.endswith("END:VCALENDAR\r\n")


def test_sent_again_it_replaces_what_it_brought(post: Any) -> None:
    """The same id for the same session, also after it has moved; the plan's version counts up."""
    before, moved = (with_days(post.plan(), level_walk=days) for days in (("mon 17:30", "thu"), ("tue 18:00", "thu")))
    (one, two), (three, four) = events(sessions(before, 3)), events(sessions(moved, 4), now=NOW + timedelta(days=1))
    assert [str(each["uid"]) for each in (one, two)] == [str(each["uid"]) for each in (three, four)]
    assert [each["sequence"] for each in (one, three)] == [3, 4]
    assert len({str(each["uid"]) for each in (one, two)}) == 2
    next_week = events(sessions(before, 3, WEEK.next))
    assert {str(each["uid"]) for each in next_week}.isdisjoint({str(one["uid"]), str(two["uid"])})


@pytest.mark.parametrize(
    ("week", "at", "begins"),
    [
        (
            IsoWeek(2026, 13),
            "sun 02:30",
            datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        ),  # never shown: the first moment after
        (IsoWeek(2026, 13), "sun 17:30", datetime(2026, 3, 29, 15, 30, tzinfo=UTC)),
        (IsoWeek(2026, 13), "sat 17:30", datetime(2026, 3, 28, 16, 30, tzinfo=UTC)),
        (IsoWeek(2026, 43), "sun 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # shown twice: the first
        (IsoWeek(2026, 43), "sun 17:30", datetime(2026, 10, 25, 16, 30, tzinfo=UTC)),
    ],
)
def test_on_the_days_on_which_the_clocks_change(post: Any, week: IsoWeek, at: str, begins: datetime) -> None:
    (event,) = events(sessions(with_days(post.plan(), level_walk=(at,)), week=week))
    assert event.decoded("dtstart") == begins
    assert event.decoded("dtend") == begins + timedelta(minutes=10)


def test_an_all_day_session_stays_on_its_day_when_the_clocks_change(post: Any) -> None:
    (event,) = events(sessions(with_days(post.plan(), level_walk=("sun",)), week=IsoWeek(2026, 43)))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 10, 25), date(2026, 10, 26))


def test_what_has_no_day_or_happens_inside_walks_is_not_in_it(post: Any) -> None:
    plan = post.plan(step=3)
    inside = with_days(plan, fast_walk=("mon 17:30",))
    assert sessions(plan) == sessions(inside) == ()
    assert attachments((), WHOM, BERLIN, NOW, catalogue()) == ()
    assert tuple(planned([(WEEK.monday, None)])) == ()


def test_it_goes_along_as_a_calendar_file(post: Any) -> None:
    found = sessions(with_days(post.plan(), level_walk=("mon 17:30",)))
    assert found[0].at == time(17, 30)
    (file,) = attachments(found, WHOM, BERLIN, NOW, catalogue())
    assert (file.name, file.media_type) == ("week.ics", 'text/calendar; charset="utf-8"; method=PUBLISH')
