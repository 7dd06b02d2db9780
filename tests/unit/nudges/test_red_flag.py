"""R0: a warning sign was answered yes."""

from datetime import UTC, timedelta
from typing import Any

import pytest

from coach.nudges import RULES, WordForWord
from config.messages import catalogue


def test_it_is_due_at_once_and_never_too_late(life: Any) -> None:
    life.locked(3, "02:30", "saddle_numbness")
    for now in (life.at(3, "02:30"), life.at(3, "23:00"), life.at(40, "12:00")):
        [proposal] = life.proposals("R0", now)
        assert (proposal.due_at, proposal.expires_at) == (now, None)
        assert proposal.period == life.at(3, "02:30").astimezone(UTC).isoformat()


def test_nothing_else_speaks_while_it_holds_and_all_may_again_once_it_is_cleared(life: Any) -> None:
    cleared = life.at(4, "12:00")
    life.locked(3, "09:00", cleared=cleared)
    before, held, after = (life.seen(now) for now in (life.at(3, "08:59"), life.at(3, "09:00"), cleared))
    for rule in RULES.values():
        speaks = rule.id == "R0"
        assert (rule.silent_because(held) is None) is speaks
        if not rule.urges and not rule.opt_in:
            assert rule.silent_because(before) is None
            assert rule.silent_because(after) is None


def test_who_has_no_diagnosis_hears_nothing_and_who_has_no_plan_is_warned_all_the_same(life: Any) -> None:
    life.ask(("level_walk", 5, 20), locked=True)
    seen = life.seen(life.at(3, "12:30"))
    assert all(rule.silent_because(seen) for rule in RULES.values() if rule.id != "R0")
    assert not life.proposals("R0", life.at(3, "12:30"))
    life.ask(("level_walk", 5, 20), since=20).locked(3, "09:00")
    assert life.proposals("R0", life.at(3, "12:30"))


@pytest.mark.parametrize(
    ("signs", "told"),
    [
        (("saddle_numbness",), ["emergency"]),
        (("chest_pain", "fever"), ["chest"]),
        (("bladder", "fainting"), ["emergency", "chest"]),
        (("new_weakness",), ["same_day"]),
        (("no_longer_asked",), ["same_day"]),
    ],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_it_says_what_is_told_on_the_spot_word_by_word(life: Any, signs: Any, told: list[str], language: str) -> None:
    life.locked(3, "09:00", *signs)
    now = life.at(3, "09:00")
    [proposal] = life.proposals("R0", now)
    said = life.telling("R0", proposal.period, now, language=language)
    assert isinstance(said, WordForWord)
    assert said.keys == tuple(f"told.{each}" for each in told)
    texts = [catalogue(language).text(each, **said.fields) for each in said.keys]
    assert all("112" in text for text, level in zip(texts, told, strict=True) if level != "same_day")


def test_each_lock_is_told_of_and_none_that_is_cleared(life: Any) -> None:
    life.locked(3, "09:00", "bladder").locked(3, "10:00", "chest_pain")
    proposals = life.proposals("R0", life.at(3, "10:00"))
    assert len({each.period for each in proposals}) == 2
    life.locks = [each.__class__(each.raised_at, each.signs, life.at(4, "09:00")) for each in life.locks]
    later = life.at(4, "09:00") + timedelta(minutes=1)
    assert not life.proposals("R0", later)
    assert life.reason("R0", proposals[0].period, later) == "the warning sign was cleared"
