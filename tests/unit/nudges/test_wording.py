"""What every rule's messages have in common."""

import re

import pytest

from coach.nudges import RULES
from coach.plan.library import conditions
from config.messages import catalogue
from scheduler.messages import Policy

TEXTS = [*RULES, "R13_without_score"]


def test_the_rules_by_their_ids() -> None:
    assert list(RULES) == ["R1", "R4", "R8", "R13"]
    assert all(rule.id == code for code, rule in RULES.items())


@pytest.mark.parametrize(
    ("rule", "policy"), [("R1", "resend"), ("R4", "never_twice"), ("R8", "resend"), ("R13", "resend")]
)
def test_motivation_is_never_sent_twice_the_rest_rather_twice_than_never(rule: str, policy: str) -> None:
    assert RULES[rule].policy is Policy[policy.upper()]


@pytest.mark.parametrize("rule", TEXTS)
def test_each_rule_has_at_least_three_texts_that_differ(rule: str) -> None:
    texts = [variant.text for variant in catalogue().variants(rule)]
    assert len(set(texts)) == len(texts) >= 3


@pytest.mark.parametrize("rule", TEXTS)
def test_a_lock_screen_tells_nothing_of_the_diagnosis_or_of_pain(rule: str) -> None:
    private = re.compile(
        "|".join(["pain", "sciatica", "disc", "hernia", "stenosis", "spine", "back", "leg", *(c for c in conditions())])
    )
    for variant in catalogue().variants(rule):
        assert not private.search(variant.title.lower())


@pytest.mark.parametrize("rule", TEXTS)
def test_nobody_is_urged_counted_or_failed(rule: str) -> None:
    unkind = re.compile(r"\b(must|should|failed|fail|missed|streak|leaderboard|behind|only|!)\b|!")
    for variant in catalogue().variants(rule):
        assert not unkind.search(variant.text.lower())
