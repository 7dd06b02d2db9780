"""A decision and an offer in the words that a person reads."""

import pytest

from coach.adherence import Status
from coach.plan.violations import ViolationCode
from coach.progression import DecisionKind, OfferKind, ReasonCode, decide, offer, words
from config.messages import catalogue, languages


@pytest.mark.parametrize("language", languages())
def test_what_decides_nothing_and_what_went_against_a_plan_has_words(language: str) -> None:
    texts = catalogue(language)
    assert {*texts.names("week"), Status.COMPLETE} == set(Status)
    assert set(texts.names("against")) == set(ViolationCode)


@pytest.mark.parametrize("kind", [*DecisionKind, "none"])
def test_every_decision_has_its_words(kind) -> None:
    assert catalogue().text(f"decision.{kind}")


def test_every_reason_and_every_kind_has_its_words() -> None:
    assert set(catalogue().names("decided")) == set(ReasonCode)
    assert set(catalogue().names("step")) == set(OfferKind)


def test_nothing_failed_and_nothing_urges() -> None:
    groups = ("decision", "decided", "offered", "step", "change", "choice")
    texts = [
        catalogue().groups[group].__pydantic_extra__[name] for group in groups for name in catalogue().names(group)
    ]
    for each in texts:
        assert not {"failed", "fail", "must", "should", "streak"} & set(each.lower().split()), each


@pytest.mark.parametrize(
    ("verdicts", "week", "mornings", "told"),
    [
        (("green",), {"score": 86.04}, (), "86 % of the plan was done, and it settled"),
        (("green",), {"score": 79.99}, (), "79 % of the plan was done; from 80 % on it goes on"),
        (("red", "red"), {}, (), "sessions that were too much for now: 2"),
        (("green",), {}, ((5, 6), (3, 3)), "morning pain was 5.5 on average, after 3 the week before"),
        (("unknown", "green"), {}, (), "how it settled is not known for 1 of 2 sessions: more than one in 3"),
        (("green",), {"major": ("uphill_avoid",)}, (), "12 min were uphill, which your plan leaves out"),
        (("green",), {"major": ("pain_over_limit",)}, (), "a session hurt more than your plan has in mind"),
        (("green",), {"status": Status.NO_PLAN}, (), "the week is without a plan"),
        (("pending",), {}, (), "sessions that wait for the morning after: 1"),
    ],
)
def test_what_decided(make, verdicts, week, mornings, told) -> None:
    decided = decide(make.week(*verdicts, **week), *(mornings or ((), ())))
    assert list(words.reasons(decided, catalogue())) == [told]


def test_what_would_change(make) -> None:
    plan = make.plan(
        make.item("level_walk", (5, 12), (5, 30)),
        make.item("exercise_bike", (3, 30), (4, 30)),
        make.item("fast_walk", (3, 2), (3, 10), from_step=2, nested_in="level_walk"),
    )
    made = offer(plan, decide(make.week("green"), (), ()))
    assert made is not None
    assert [words.change(each, catalogue()) for each in made.changes] == [
        "13 min a walk instead of 12",
        "4 bike sessions a week instead of 3",
        "new: fast walks, 3 a week of 2 min",
    ]
    assert list(words.offered(made, catalogue())) == ["the week went well and settled"]
