"""R11: symptoms draw back up the leg."""

from datetime import timedelta
from typing import Any

import pytest

from coach.nudges import RULES


def mornings(life: Any, *extents: int | None, first: int = 0) -> Any:
    for day, extent in enumerate(extents, start=first):
        if extent is not None:
            life.told(day, "08:00", 2, extent=extent)
    return life


@pytest.mark.parametrize(
    ("extents", "told"),
    [
        ((5, 4, 3, 2), True),
        ((4, 3, 2, 0), True),
        ((5, 4, 3, 3), False),
        ((4, 5, 4, 3), False),
        ((5, 4, None, 2), False),
        ((None, 4, 3, 2), False),
    ],
)
def test_less_far_down_on_each_of_three_mornings(life: Any, extents: Any, told: bool) -> None:
    assert bool(mornings(life, *extents).proposals("R11", life.at(3, "09:00"))) is told


def test_in_the_morning_and_for_a_day(life: Any) -> None:
    mornings(life, 5, 4, 3, 2)
    assert not life.ahead("R11", life.at(3, "07:59"))
    [proposal] = life.ahead("R11", life.at(3, "08:10"))
    assert (proposal.period, proposal.due_at) == ("2026-11-05", life.at(3, "08:30"))
    assert proposal.expires_at == proposal.due_at + timedelta(hours=24)
    assert life.said("R11", "2026-11-05", life.at(3, "08:30"))
    assert not life.ahead("R11", life.at(4, "08:30"))


def test_it_rests_for_a_fortnight() -> None:
    assert RULES["R11"].rest == timedelta(days=14)


def test_what_was_taken_back_is_not_told(life: Any) -> None:
    mornings(life, 5, 4, 3, 2)
    life.check_ins.pop()
    assert life.reason("R11", "2026-11-05", life.at(3, "09:00")) == "it was told otherwise since"
