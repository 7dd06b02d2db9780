"""What the page says of how it felt, of days without a task, and what it does not say twice."""

from typing import Any

import pytest

from coach.safety import CheckIn, Extent, Flare, Phase
from coach.safety.flares import Concern, Episode
from coach.summary.letter import as_text
from config.messages import catalogue


def around(post: Any, day: int, pain: int = 2, peak: int = 3, morning: int = 2) -> list[CheckIn]:
    """A session at six in the evening that was asked about at all times."""
    return [
        CheckIn(post.at(day + 0.74), Phase.PRE, pain),
        CheckIn(post.at(day + 0.77), Phase.PEAK, peak),
        CheckIn(post.at(day + 1.33), Phase.MORNING, morning),
    ]


def test_the_longest_of_each_kind_that_settled_well(post: Any) -> None:
    told = [*around(post, 0), *around(post, 1), *around(post, 2, peak=5), *around(post, 3)]
    sessions = [
        post.done("level_walk", 12.9, 0),
        post.done("level_walk", 9, 1),
        post.done("level_walk", 19, 2),
        post.done("swim", 15, 3),
    ]
    assert "- The longest that settled well: walk 12 min, swim 15 min\n" in as_text(
        post.letter(post.plan(), *sessions, told=told)
    )
    assert "settled well: walk" not in as_text(post.letter(post.plan(), *sessions))


@pytest.mark.parametrize(
    ("extents", "told"),
    [
        ({0: Extent.THIGH, 2: Extent.BUTTOCK}, "How far it reached, in the mornings: Mon thigh, Wed buttock"),
        ({0: Extent.THIGH, 2: Extent.THIGH}, "How far it reached, in the mornings: thigh"),
        ({4: Extent.NONE}, "How far it reached, in the mornings: not at all"),
    ],
)
def test_how_far_it_reached(post: Any, extents: dict[int, Extent], told: str) -> None:
    check_ins = [CheckIn(post.at(day + 0.33), Phase.MORNING, None, extent) for day, extent in extents.items()]
    assert f"- {told}\n" in as_text(post.letter(post.plan(), told=check_ins))


@pytest.mark.parametrize("extent", Extent)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_extent_has_its_word(extent: Extent, language: str) -> None:
    assert catalogue(language).text(f"extent.{extent.name.lower()}")


def test_days_in_a_row_are_one_line(post: Any) -> None:
    excused = {0: "flare", 1: "flare", 3: "illness", 5: "rest_advice", 6: "rest_advice"}
    text = as_text(post.letter(post.plan(), excused=excused))
    assert "- Monday and Tuesday: a flare\n- Thursday: illness\n- Saturday and Sunday: rest, as advised\n" in text


def test_a_flare_that_is_not_over_says_so_and_what_of_it_is_for_the_clinician(post: Any) -> None:
    lasting = Episode(Flare(post.at(4)), post.week.days[4], 2.0)
    text = as_text(
        post.letter(post.plan(), excused=dict.fromkeys((4, 5, 6), "flare"), flares=[lasting], concerns=[Concern.AGAIN])
    )
    assert "- Friday to Sunday: a flare, which is not over yet\n" in text
    assert "- This is the second flare in four weeks: contact your clinician.\n" in text


def test_the_same_thing_on_several_days_is_said_once(post: Any) -> None:
    told = [each for day in (0, 2, 3) for each in around(post, day, peak=5)]
    walks = [post.done("level_walk", 10, day) for day in (0, 2, 3)]
    text = as_text(post.letter(post.plan(), *walks, told=told))
    assert text.count("hurt more than your plan has in mind") == 1
    assert "- Monday, Wednesday and Thursday: it hurt more than your plan has in mind (walk)" in text


def test_after_a_warning_sign_nobody_is_told_what_else_to_do(post: Any) -> None:
    told = [CheckIn(post.at(0.79), Phase.POST, pain=2, weakness=True)]
    text = as_text(post.letter(post.plan(), post.done("level_walk", 10, 0), told=told))
    assert "- Monday: something was told that is for a doctor or your clinician first (walk)." in text
    assert "could suit" not in text
    assert "hurt more" not in text


def test_minutes_of_a_hill_are_told_once_and_those_of_a_short_one_still(post: Any) -> None:
    plan = post.plan(flexion_tolerated=False)
    letter = post.letter(
        plan, post.done("level_walk", 20, 0, uphill=[(8, 20)]), post.done("level_walk", 10, 1, uphill=[(2, 3)])
    )
    assert letter.restrictions[-1] == "These minutes are not in the sums above."
    assert letter.excluded == ("Walks: 1 min uphill, which your plan leaves out for now",)


def test_a_little_on_days_that_asked_for_nothing_is_not_too_much(post: Any) -> None:
    walks = [post.done("level_walk", 10, day) for day in (0, 5)]
    letter = post.letter(post.plan(), *walks, excused=dict.fromkeys(range(1, 7), "flare"))
    (walked, *_) = letter.bars
    assert walked.line == "Walks: 20 min, 10 planned"
    assert walked.remarks == ()


def test_the_week_ahead_is_by_the_plan_that_is_in_force_then(post: Any) -> None:
    """After an easy week the dose before returns: last week's plan says nothing of it."""
    plan = post.plan()
    longer = plan.model_copy(
        update={
            "prescriptions": tuple(
                each.model_copy(update={"dose": each.dose.model_copy(update={"minutes": 12})})
                for each in plan.prescriptions
            )
        }
    )
    text = as_text(post.letter(plan, next=longer))
    assert "- 5 walks of 12 min\n" in text
    assert "Walks: 0 of 5, 0 of 50 min" in text
