from datetime import date, timedelta

import pytest

from coach.safety.model import CheckIn, Colour, Phase, Verdict
from coach.safety.mornings import mornings
from coach.safety.rest import rest_days
from coach.safety.sore import SoreReason, baseline, sore
from config.messages import catalogue

REST = "rest_advice"


def red(at):
    return Verdict(Colour.RED, ("peak_high",), at)


def test_a_red_excuses_its_local_day_and_the_next(at, zone):
    assert rest_days([red(at(1, 18))], zone) == {date(2026, 6, 1): REST, date(2026, 6, 2): REST}


def test_a_red_of_the_next_morning_excuses_that_day(at, zone):
    assert list(rest_days([red(at(2, 8))], zone)) == [date(2026, 6, 2), date(2026, 6, 3)]


def test_a_red_told_after_midnight_belongs_to_the_evening(at, zone):
    assert min(rest_days([red(at(2, 0, 20))], zone)) == date(2026, 6, 1)


@pytest.mark.parametrize("colour", [each for each in Colour if each is not Colour.RED])
def test_nothing_else_advises_rest(at, zone, colour):
    assert rest_days([Verdict(colour, ("x",), at(1, 18))], zone) == {}


def test_rest_days_are_in_order_and_told_once(at, zone):
    days = list(rest_days([red(at(5, 8)), red(at(1, 8)), red(at(2, 8))], zone))
    assert days == [date(2026, 6, day) for day in (1, 2, 3, 5, 6)]


def test_the_baseline_is_the_median_morning_of_the_fourteen_days_before(at, zone):
    said = [CheckIn(at(day, 8), Phase.MORNING, pain) for day, pain in ((1, 9), (2, 1), (3, 2), (15, 4), (16, 10))]
    assert baseline(said, date(2026, 6, 16), zone) == 2
    assert baseline(said, date(2026, 6, 15), zone) == 2
    assert baseline(said, date(2026, 6, 1), zone) is None


def test_a_baseline_may_lie_between_two_scores(at, zone):
    said = [CheckIn(at(1, 8), Phase.MORNING, 1), CheckIn(at(2, 8), Phase.MORNING, 2)]
    assert baseline(said, date(2026, 6, 3), zone) == 1.5


def test_the_first_score_of_a_morning_is_its_own(at, zone):
    said = [
        CheckIn(at(1, 9), Phase.MORNING, 5),
        CheckIn(at(1, 7), Phase.MORNING, 3),
        CheckIn(at(1, 6), Phase.MORNING),
        CheckIn(at(2, 12), Phase.MORNING, 7),
        CheckIn(at(2, 3, 59), Phase.MORNING, 7),
        CheckIn(at(2, 8), Phase.PRE, 7),
    ]
    assert mornings(said, zone) == {date(2026, 6, 1): 3}


def usual(at, pain=2):
    return [CheckIn(at(day, 8), Phase.MORNING, pain) for day in range(1, 11)]


@pytest.mark.parametrize(
    ("pain", "reasons"),
    [(3, ()), (4, (SoreReason.MORNING_UP,)), (6, (SoreReason.PAIN_HIGH, SoreReason.MORNING_UP))],
)
def test_a_morning_two_above_the_usual_is_sore(at, zone, pain, reasons):
    assert sore(at(12, 9), [], [*usual(at), CheckIn(at(12, 8), Phase.MORNING, pain)], zone) == reasons


def test_only_a_morning_is_held_against_the_usual_mornings(at, zone):
    assert sore(at(12, 18), [], [*usual(at), CheckIn(at(12, 17), Phase.PRE, 5)], zone) == ()
    assert sore(at(12, 18), [], [*usual(at), CheckIn(at(12, 17), Phase.PRE, 6)], zone) == (SoreReason.PAIN_HIGH,)


def test_without_a_usual_only_the_score_itself_tells(at, zone):
    assert sore(at(1, 9), [], [CheckIn(at(1, 8), Phase.MORNING, 5)], zone) == ()


@pytest.mark.parametrize("sign", ["numbness", "weakness"])
def test_new_numbness_and_weakness_are_sore(at, zone, sign):
    assert sore(at(1, 9), [], [CheckIn(at(1, 8), Phase.PRE, **{sign: True})], zone) == (SoreReason(sign),)


def test_it_lasts_for_48_hours(at, zone):
    told = [CheckIn(at(1, 8), Phase.PRE, 6)]
    assert sore(at(3, 8) - timedelta(seconds=1), [], told, zone)
    assert not sore(at(3, 8), [], told, zone)
    assert not sore(at(1, 7), [], told, zone)


@pytest.mark.parametrize("colour", Colour)
def test_a_red_is_sore_and_worse_is_too(at, zone, colour):
    found = sore(at(2, 9), [Verdict(colour, ("x",), at(1, 18))], [], zone)
    assert found == ((SoreReason.RED,) if colour in {Colour.RED, Colour.ESCALATE} else ())


def test_a_red_is_past_after_48_hours_and_not_there_before_it_is_told(at, zone):
    assert sore(at(3, 18), [red(at(1, 18))], [], zone) == ()
    assert sore(at(1, 17), [red(at(1, 18))], [], zone) == ()
    assert sore(at(1, 17), [Verdict(Colour.PENDING, ("x",))], [], zone) == ()


@pytest.mark.parametrize("reason", SoreReason)
def test_every_reason_has_its_words(reason):
    assert catalogue().text(f"sore.{reason}")
