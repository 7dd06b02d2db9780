"""The page as a browser and a mail program take it: valid, saying what the text says, with what can be answered."""

import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
import pytest

from coach.adherence import WeekAdherence
from coach.progression import Decision, DecisionKind, offer
from coach.safety import CheckIn, Extent, Flare, Lock, Phase
from coach.safety.flares import Concern, Episode
from coach.summary import letter as letters
from coach.summary.content import Letter
from coach.summary.letter import as_html, as_text, pictures_of
from config.messages import catalogue, languages
from scheduler.channels.base import Outgoing
from scheduler.channels.letter import compose
from scheduler.messages import Action, Message

NAME = '<b>&"Ada"</b>'
CHOICES = (Action("Move up", "https://coach.example/r/1"), Action("Stay & rest", "https://coach.example/r/2?a=1&b=2"))
OFF = "https://coach.example/u/3"


def kinds_of_letter(post: Any, language: str) -> dict[str, Letter]:
    """One of each kind that there is."""
    words, plan = catalogue(language), post.plan(flexion_tolerated=False)
    well = Decision(DecisionKind.PROGRESS, ())
    told = [
        CheckIn(post.at(0.7), Phase.PRE, 2),
        CheckIn(post.at(0.75), Phase.PEAK, 4),
        CheckIn(post.at(1.33), Phase.MORNING, 2, Extent.THIGH),
        CheckIn(post.at(2.33), Phase.MORNING, 3, Extent.BUTTOCK),
    ]
    walked = post.done("level_walk", 20, 0, uphill=[(8, 20)])
    flare = Episode(Flare(post.at(2)), post.week.days[2], 2.0)
    weeks = [post.as_judged(plan, each, told) for each in (post.judged(plan), post.judged(plan, walked))]

    def made(plan: Any, *performed: Any, **given: Any) -> Letter:
        letter: Letter = post.letter(plan, *performed, words=words, name=NAME, **given)
        return letter

    return {
        "whole": made(plan, walked, told=told, trend=weeks, offer=offer(plan, well)),
        "no score": made(plan, excused=dict.fromkeys(range(2, 7), "flare"), flares=[flare], concerns=[Concern.AGAIN]),
        "a range": made(plan, heard=4.5),
        "no plan": made(None, post.done("level_walk", 10)),
        "no diagnosis": made(post.plan(diagnosed=False), locked=True),
        "locked": made(plan, locks=[Lock(post.at(2.5), ("fever",))], locked=True),
        "markup": made(plan, emergency_number='<script>&"112"'),
    }


@pytest.fixture(params=languages())
def letter_kinds(post: Any, request: pytest.FixtureRequest) -> dict[str, Letter]:
    return kinds_of_letter(post, request.param)


def parsed(html: str) -> ET.Element:
    """Without a single parse error."""
    html5lib.HTMLParser(strict=True).parse(html)
    page: ET.Element = html5lib.parse(html, namespaceHTMLElements=False)
    return page


def seen(html: str) -> str:
    """All that is read or heard: the body's text, and what pictures say of themselves."""
    body = parsed(html).find("body")
    assert body is not None
    said = [*body.itertext(), *(each.get("alt", "") for each in body.iter("img"))]
    return " ".join(" ".join(said).split())


@pytest.mark.parametrize("pictures", [False, True])
def test_every_kind_is_valid_and_says_what_the_text_says(letter_kinds: dict[str, Letter], pictures: bool) -> None:
    for kind, letter in letter_kinds.items():
        page = seen(as_html(letter, choices=CHOICES, unsubscribe_url=OFF, pictures=pictures))
        for line in as_text(letter, CHOICES).splitlines():
            told = " ".join(re.sub(r"^\[[#.]{20}\]|^- ", "", line).split()).strip("-=")
            assert told in page, (kind, told)


def test_no_kind_tells_more_than_it_may(letter_kinds: dict[str, Letter]) -> None:
    for letter in letter_kinds.values():
        for each in (as_text(letter), as_html(letter), as_html(letter, pictures=True)):
            assert not re.search("hernia|stenosis|flexion|extension|M51|Dr\\. Lee", each)
            assert "<b>" not in each
            assert "<script>&" not in as_html(letter)


def test_the_choices_are_buttons_below_the_step(post: Any) -> None:
    letter = kinds_of_letter(post, "en")["whole"]
    html = as_html(letter, choices=CHOICES, unsubscribe_url=OFF)
    links = {each.text: each.get("href") for each in parsed(html).iter("a")}
    assert links == {
        "Move up": "https://coach.example/r/1",
        "Stay & rest": "https://coach.example/r/2?a=1&b=2",
        "Turn these letters off": OFF,
    }
    page = seen(html)
    in_order = ["Your plan's next step", "Move, stay, or ask", "Move up", "Stay & rest", "Warning signs", "Turn these"]
    assert sorted(in_order, key=page.index) == in_order
    assert "coach next" not in page


def test_without_choices_it_says_where_to_answer(post: Any) -> None:
    letter = kinds_of_letter(post, "en")["whole"]
    assert "coach next takes your answer." in seen(as_html(letter))
    assert "`coach next` takes your answer." in as_text(letter)
    assert list(parsed(as_html(letter)).iter("a")) == []
    nothing = kinds_of_letter(post, "en")["a range"]
    assert "takes your answer" not in as_text(nothing)


def test_in_a_mail_the_chart_is_a_picture_with_all_of_it_in_words(post: Any) -> None:
    letter = kinds_of_letter(post, "en")["whole"]
    html = as_html(letter, pictures=True)
    (image,) = parsed(html).iter("img")
    (picture,) = pictures_of(letter)
    assert image.get("src") == f"cid:{picture.name}"
    assert image.get("alt") == ". ".join(letter.trend_in_words) + "."
    assert "<svg" not in html
    assert picture.paint().startswith(b"\x89PNG")
    assert pictures_of(kinds_of_letter(post, "en")["no plan"]) == ()


def test_a_page_of_its_own_loads_nothing(post: Any) -> None:
    html = as_html(kinds_of_letter(post, "en")["whole"])
    assert "<svg" in html
    assert not re.search(r"cid:|url\(|<img|<link|<script", html)


def test_the_heaviest_letter_is_under_60_kilobytes(post: Any) -> None:
    plan = post.plan(flexion_tolerated=False)
    told = [CheckIn(post.at(day + 0.33), Phase.MORNING, day, Extent(day % 6)) for day in range(7)]
    walks = [post.done("level_walk", 40, day, uphill=[(2, 30)], idle=[(31, 33)]) for day in range(7)]
    week: WeekAdherence = post.judged(plan, *walks)
    letter = post.letter(
        plan,
        *walks,
        told=told,
        trend=[post.as_judged(plan, week, told)] * 8,
        offer=offer(plan, Decision(DecisionKind.PROGRESS, ())),
        words=catalogue("de"),
    )
    message = Message(
        "Ihre Woche ist fertig",
        as_text(letter, CHOICES),
        as_html(letter, choices=CHOICES, unsubscribe_url=OFF, pictures=True),
        actions=CHOICES,
        pictures=pictures_of(letter),
        unsubscribe_url=OFF,
    )
    raw = compose(Outgoing("a@b.org", message, "<1@b.org>"), "c@b.org", "Ihr Coach", post.at(8) + timedelta(hours=8))
    assert 20_000 < len(raw) < 60_000


def test_a_note_stands_above_the_page(post: Any) -> None:
    html = letters.with_notes(as_html(kinds_of_letter(post, "en")["whole"]), "<p>first</p>")
    assert seen(html).startswith("first Your week")
