"""What every rule's messages have in common."""

import re
from typing import Any

import pytest

from coach.nudges import RULES, Proposal
from coach.plan.library import conditions
from config.messages import catalogue, languages
from scheduler.messages import Kind, Policy

LANGUAGES = languages()
TEXTS = [(language, rule) for language in LANGUAGES for rule in catalogue(language).rule]


def test_the_rules_by_their_ids() -> None:
    assert set(RULES) == {f"R{number}" for number in range(15)}
    assert all(rule.id == code for code, rule in RULES.items())


def test_their_kinds() -> None:
    """Clinical rules, section 9."""
    kinds = {kind: {rule.id for rule in RULES.values() if rule.kind is kind} for kind in Kind}
    assert kinds == {
        Kind.SAFETY: {"R0", "R5", "R6"},
        Kind.CHECK_IN: {"R1", "R2"},
        Kind.ASKED_FOR: {"R3"},
        Kind.SUMMARY: {"R10", "R13"},
        Kind.MOTIVATION: {"R4", "R7", "R8", "R9", "R11", "R12", "R14"},
    }


def test_motivation_is_never_sent_twice_the_rest_rather_twice_than_never() -> None:
    for rule in RULES.values():
        assert (rule.policy is Policy.NEVER_TWICE) == (rule.kind is Kind.MOTIVATION)


def test_what_urges_is_what_the_clinical_rules_name() -> None:
    assert {rule.id for rule in RULES.values() if rule.urges} == {"R3", "R4", "R7", "R9", "R10", "R12"}


def test_only_the_red_flag_is_urgent_and_speaks_while_the_plan_is_locked() -> None:
    assert [rule.id for rule in RULES.values() if rule.urgent] == ["R0"]
    assert [rule.id for rule in RULES.values() if rule.while_locked] == ["R0"]


def test_the_most_important_is_read_first() -> None:
    by_rank = [rule.id for rule in sorted(RULES.values(), key=lambda rule: rule.rank)]
    assert by_rank[:9] == ["R0", "R5", "R6", "R1", "R2", "R4", "R12", "R3", "R10"]
    assert by_rank[-1] == "R13"  # a page, whole, at the end


def test_every_rule_has_words() -> None:
    told = {rule for _, rule in TEXTS}
    for rule in RULES:
        assert rule == "R0" or any(each == rule or each.startswith(f"{rule}_") for each in told)
    assert {each.partition("_")[0] for each in told} <= set(RULES)


@pytest.mark.parametrize(("language", "rule"), TEXTS)
def test_each_rule_has_at_least_three_texts_that_differ(language: str, rule: str) -> None:
    texts = [variant.text for variant in catalogue(language).variants(rule)]
    assert len(set(texts)) == len(texts) >= 3


@pytest.mark.parametrize(("language", "rule"), TEXTS)
def test_each_text_is_given_every_field_that_it_may_name(language: str, rule: str, given_fields: Any) -> None:
    """A field that is listed and not given would fail at midnight."""
    words = catalogue(language)
    assert set(words.rule[rule].fields) == given_fields[rule].keys()
    for variant in words.variants(rule):
        assert "{" not in variant.filled(**given_fields[rule]).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_each_text(language: str, given_fields: Any) -> None:
    assert catalogue(language).rule.keys() == given_fields.keys()


@pytest.mark.parametrize(("language", "rule"), TEXTS)
def test_a_lock_screen_tells_nothing_of_the_diagnosis_or_of_pain(language: str, rule: str) -> None:
    words = [
        *("pain", "sciatica", "disc", "hernia", "stenosis", "spine", "back", "leg", "numb", "weak"),
        *("schmerz", "ischias", "bandscheib", "stenose", "wirbel", "bein", "taub", "schwäche"),
        *(r"\d", *conditions()),
    ]
    private = re.compile("|".join(words))
    for variant in catalogue(language).variants(rule):
        assert not private.search(variant.title.lower())


@pytest.mark.parametrize(("language", "rule"), TEXTS)
def test_nobody_is_urged_counted_or_failed(language: str, rule: str) -> None:
    english = "must|should|failed|fail|missed|streak|leaderboard|behind|only"
    german = "müssen|sollten|versäumt|verfehlt|serie|lediglich"
    unkind = re.compile(rf"\b({english}|{german})\b|!")
    for variant in catalogue(language).variants(rule):
        assert not unkind.search(variant.text.lower())


@pytest.mark.parametrize("reason", ["", " \n"])
def test_nothing_is_proposed_without_a_reason(life: Any, reason: str) -> None:
    with pytest.raises(ValueError, match="2026-W45 gives no reason"):
        Proposal("2026-W45", reason, life.at(0, "08:30"), None)


def test_in_the_first_hour_of_a_plan_every_rule_can_be_asked(life: Any) -> None:
    life.ask(("level_walk", 5, 20), since=0)
    seen = life.seen(life.at(0, "00:30"))
    assert not seen.locked
    assert not [each for rule in RULES.values() for each in rule.propose(seen)]
