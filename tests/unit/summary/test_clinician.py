"""The page for a clinician: what the letter leaves out, and nothing that is not so."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import html5lib
import pytest

from coach.past import in_short
from coach.plan import Plan, Traits
from coach.plan.model import Slot
from coach.safety import Answers, CheckIn, Lock, Phase
from coach.summary.clinician.page import as_html, as_text
from coach.summary.clinician.report import Report, Told, report
from coach.summary.figures import intensity, missed_in_a_row
from config.messages import catalogue, languages

BERLIN = ZoneInfo("Europe/Berlin")
NOTHING_TOLD = Told()


def made(
    post: Any, plan: Plan | None, *performed: Any, language: str = "en", told: Told = NOTHING_TOLD, **given: Any
) -> Report:
    check_ins = given.pop("check_ins", ())
    judged = post.as_judged(plan, post.judged(plan, *performed, told=check_ins, **given), check_ins)
    return report(
        name="Ada <b>", zone=BERLIN, judged=judged, trend=[in_short(judged)] * 2, told=told, words=catalogue(language)
    )


@pytest.fixture
def hilly(post: Any) -> Report:
    plan = post.plan(flexion_tolerated=False, traits=Traits(shoulder_injury=True, swimmer=False))
    told = [
        CheckIn(post.at(0.74), Phase.PRE, 2),
        CheckIn(post.at(0.77), Phase.PEAK, 5),
        CheckIn(post.at(1.33), Phase.MORNING, 4),
    ]
    return made(
        post,
        plan,
        post.done("level_walk", 20, 0, uphill=[(8, 20)]),
        check_ins=told,
        told=Told(
            answers=[Answers(datetime(2026, 11, 3, 23, 30, tzinfo=UTC), ()), Answers(post.at(4), ("fever",))],
            locks=[Lock(post.at(4), ("fever",), post.at(5), "Dr. Lee", post.week.days[5])],
        ),
    )


def test_it_has_every_block_of_the_clinical_rules(hilly: Report) -> None:
    assert [each.key for each in hilly.blocks] == [
        *("plan", "score", "sessions", "pain", "effort", "violations", "events", "decision", "about"),
    ]
    text = as_text(hilly)
    for told in (
        "Condition: disc herniation; diagnosis by Dr. Lee, 2026-11-02",
        "Bending forward tolerated: no",
        "shoulder injury, no swimmer",
        "2026-11-02  walk     20   8         device  RED: pain was still up the next morning",
        "Verdicts: RED 1",
        "Uphill 12 min, downhill 0 min",
        "uphill_avoid     major     12.0",
        "12 min uphill: more than 5 min",
        "Tuesday and Wednesday: rest, as advised",
        "Not done, 3 in a row: walks",
        "Warning-sign questions on 2026-11-04: none answered yes",
        "Warning-sign questions on 2026-11-06: fever",
        "Locked on 2026-11-06 for fever; cleared by Dr. Lee on 2026-11-07",
        "red(count = 1, limit = 1)",
        "score(score = ",
        "Measured and judged by algorithm",
        "walkback-2024: E: WalkBack",
    ):
        assert told in text, told


@pytest.mark.parametrize("language", languages())
def test_it_is_valid_and_says_the_same_as_the_text(post: Any, language: str) -> None:
    for plan in (post.plan(), post.plan(diagnosed=False), None):
        page = made(post, plan, post.done("level_walk", 10), language=language)
        html = as_html(page)
        html5lib.HTMLParser(strict=True).parse(html)
        seen = " ".join(" ".join(html5lib.parse(html, namespaceHTMLElements=False).itertext()).split())
        assert "<b>" not in html
        assert page.title in seen
        for block in page.blocks:
            for line in block.lines:
                assert line.replace("`", "") in seen
            for row in block.table.rows if block.table else ():
                assert all(cell in seen for cell in row)


def test_intensity_is_unknown_where_nothing_could_tell(post: Any) -> None:
    week = post.judged(post.plan(), post.done("level_walk", 10))
    assert intensity(week.sessions).unknown == pytest.approx(10)


def missed(post: Any, days: tuple[str, ...] | None, *done: int, excused: tuple[int, ...] = (), heard: float = 8) -> int:
    plan = post.plan()
    walk, *rest = plan.prescriptions
    planned = None if days is None else tuple(Slot.model_validate(day) for day in days)
    plan = plan.model_copy(update={"prescriptions": (walk.model_copy(update={"planned": planned}), *rest)})
    walks = [post.done("level_walk", 10, day) for day in done]
    week = post.judged(plan, *walks, excused=dict.fromkeys(excused, "illness"), heard=heard)
    return missed_in_a_row(week.items[0], week)


DAYS = ("mon", "tue", "wed", "fri", "sat")


def test_how_many_were_missed_in_a_row(post: Any) -> None:
    assert missed(post, None, 0, 1) == 3
    assert missed(post, DAYS, 2) == 2
    assert missed(post, DAYS, 0, 4) == 2
    assert missed(post, DAYS) == 5
    assert missed(post, DAYS, excused=(1, 2)) == 3
    assert missed(post, DAYS, 0, 1, 2, 4, 5) == 0
    assert missed(post, None, 0, heard=4) == 0  # nobody knows yet
