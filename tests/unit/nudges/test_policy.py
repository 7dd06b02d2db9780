"""How much is said, and what is said together."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from coach.nudges import RULES, policy
from coach.nudges.variety import chosen
from coach.nudges.wishes import Wish, Wishes
from config.messages import Variant
from scheduler.messages import Action, Attachment, Due, Kind, Message, Picture
from scheduler.slots import Per

NOON = datetime(2026, 11, 5, 11, 30, tzinfo=UTC)


def test_the_limits_are_those_of_the_clinical_rules() -> None:
    motivation = frozenset({Kind.MOTIVATION})
    assert {(each.kinds, each.per, each.most) for each in policy.LIMITS} == {
        (frozenset(Kind), Per.DAY, 2),
        (motivation, Per.DAY, 1),
        (motivation, Per.WEEK, 4),
    }


def left_out(count: int, *, ignored: bool, week: int) -> list[int]:
    return [n for n in range(count) if policy.thinned(n, ignored=ignored, week=week)]


def test_who_never_replies_hears_half_of_it() -> None:
    assert left_out(6, ignored=True, week=1) == [1, 3, 5]


def test_from_the_seventh_week_on_it_is_a_third_less() -> None:
    assert left_out(9, ignored=False, week=6) == []
    assert left_out(9, ignored=False, week=7) == [2, 5, 8]
    assert len(left_out(60, ignored=True, week=7)) == 40  # half of two thirds are left


@pytest.mark.parametrize(("day", "week"), [(0, 1), (6, 1), (7, 2), (41, 6), (42, 7)])
def test_weeks_are_counted_from_the_first_day_of_the_plan(day: int, week: int) -> None:
    began = date(2026, 11, 4)
    assert policy.week_of_plan(began, date.fromordinal(began.toordinal() + day)) == week


def part(rule: str, message: Message) -> tuple[Due, Message]:
    known = RULES[rule]
    due = Due(uuid4(), "1", rule, "p", "UTC", NOON, None, known.policy, urgent=False)
    return due, message


def test_what_goes_together_is_joined_in_its_order_under_one_title() -> None:
    said = policy.merged([part("R6", Message("Your coach", "first")), part("R1", Message("Your coach", "second"))])
    assert (said.title, said.text, said.html) == ("Your coach", "first\n\nsecond", None)


def test_a_page_stays_whole_at_the_end_and_gives_the_title() -> None:
    from coach.summary.letter import _NOTES

    page = Message("Your week is ready", "ready\n\nthe page", f"<body>{_NOTES}<h1>page</h1></body>")
    said = policy.merged([part("R10", Message("Your coach", "a <step>")), part("R13", page)])
    assert said.title == "Your week is ready"
    assert said.text == "a <step>\n\nready\n\nthe page"
    assert said.html is not None
    assert said.html.index("a &lt;step&gt;") < said.html.index("<h1>page</h1>")
    assert said.html.startswith("<body><p")


def test_what_can_be_answered_shown_or_taken_along_comes_together_each_once() -> None:
    one, two = Action("0-10", "https://a.b/1", ("0", "1")), Action("Stay <here>", "https://a.b/2")
    picture, file = Picture("trend.png", bytes), Attachment("week.ics", "text/calendar", b"ics")
    from coach.summary.letter import _NOTES

    page = Message(
        "Your week is ready", "the page", f"{_NOTES}<h1>page</h1>", (two,), (picture,), (file,), "https://a.b/3"
    )
    note = Message("Your coach", "a note", actions=(one, two), attachments=(file,), unsubscribe_url="https://a.b/4")
    said = policy.merged([part("R2", note), part("R13", page)])
    assert said.actions == (one, two)
    assert said.pictures == (picture,)
    assert said.attachments == (file,)
    assert said.html is not None
    links = ["https://a.b/1/0", "https://a.b/1/1", "https://a.b/2", "<h1>page"]
    assert sorted(links, key=said.html.index) == links
    assert "Stay &lt;here&gt;" in said.html


def test_only_a_page_keeps_its_way_to_unsubscribe() -> None:
    page = Message("Your week is ready", "the page", "<p>page</p>", unsubscribe_url="https://a.b/3")
    notes = [part(rule, Message("Your coach", "a", unsubscribe_url=f"https://a.b/{rule}")) for rule in ("R1", "R2")]
    assert policy.merged([*notes, part("R13", page)]).unsubscribe_url == "https://a.b/3"
    assert policy.merged(notes).unsubscribe_url is None


VARIANTS = [Variant(title="T", text=text) for text in ("a {x} walk", "b {x}", "c {x} c")]


def told(said: list[str], **given: Any) -> str:
    return chosen(VARIANTS, said, **given).text


def test_what_was_said_longest_ago_comes_next() -> None:
    said: list[str] = []
    for _ in range(9):
        said.insert(0, told(said).format(x=3))
    assert all(len({*said[n : n + 3]}) == 3 for n in range(7))
    assert told(["b 5", "c 4 c"]) == "a {x} walk"
    assert told(["other words\n\nb 5\n\nmore", "a 3 walk", "c 4 c"]) == "c {x} c"


def test_a_message_that_is_sent_again_keeps_its_words() -> None:
    assert told(["b 5", "a 3 walk"], own=True) == "b {x}"


def test_two_that_go_out_at_once_differ() -> None:
    assert {told([], ahead=ahead) for ahead in range(3)} == {each.text for each in VARIANTS}


def test_what_a_person_wants() -> None:
    wishes = Wishes({"R4": Wish(off=True), "R8": Wish(snoozed_until=NOON), "R3": Wish()})
    assert wishes.against("R4", NOON) == "turned off"
    assert wishes.against("R8", NOON.replace(minute=29)) == "snoozed"
    assert wishes.against("R8", NOON) is None
    assert wishes.against("R1", NOON) is None
    assert wishes.against("R3", NOON, opt_in=True) is None
    assert Wishes().against("R3", NOON, opt_in=True) == "nobody asked for it"


def test_a_warning_sign_is_told_whatever_was_wanted(life: Any) -> None:
    life.locked(3, "09:00").wants("R0", off=True)
    assert RULES["R0"].silent_because(life.seen(life.at(3, "09:00"))) is None
