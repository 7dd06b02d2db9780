from datetime import date, timedelta

import pytest

from coach.safety.flares import Concern, Ending, concerns, current, episodes, flare_days
from coach.safety.model import CheckIn, Flare, Phase
from config.messages import catalogue


@pytest.fixture
def usual(at):
    """A baseline of 2 before the tenth."""
    return [CheckIn(at(day, 8), Phase.MORNING, 2) for day in range(1, 10)]


def mornings(at, *pains):
    """From the eleventh on; None is not said."""
    return [CheckIn(at(11 + n, 8), Phase.MORNING, pain) for n, pain in enumerate(pains) if pain is not None]


def one(at, zone, check_ins, now, ended_at=None):
    (found,) = episodes([Flare(at(10, 12), ended_at)], check_ins, now, zone)
    return found


def test_it_lasts_until_two_mornings_at_or_under_baseline_plus_one(at, zone, usual):
    found = one(at, zone, usual + mornings(at, 6, 3, 4, 3, 3, 7), at(20, 9))
    assert (found.baseline, found.ended_by, found.ended_at, found.ended_on) == (
        2,
        Ending.MORNINGS,
        at(15, 8),
        date(2026, 6, 15),
    )


def test_a_morning_without_an_answer_is_passed_over(at, zone, usual):
    assert one(at, zone, usual + mornings(at, 3, None, 3), at(20, 9)).ended_on == date(2026, 6, 13)


def test_one_good_morning_is_not_enough(at, zone, usual):
    found = one(at, zone, usual + mornings(at, 3), at(20, 9))
    assert (found.ended_at, found.ended_by) == (None, None)
    assert current([found]) is found


def test_of_a_morning_the_first_answer_counts(at, zone, usual):
    again = [CheckIn(at(11, 9), Phase.MORNING, 2)]
    assert one(at, zone, usual + mornings(at, 2) + again, at(20, 9)).ended_at is None


def test_the_morning_of_its_first_day_does_not_count(at, zone, usual):
    said = [*usual, CheckIn(at(10, 11), Phase.MORNING, 2), *mornings(at, 2)]
    (found,) = episodes([Flare(at(10, 8))], said, at(20, 9), zone)
    assert found.ended_at is None


def test_the_persons_word_ends_it_as_well_and_the_first_ending_counts(at, zone, usual):
    said = usual + mornings(at, 2, 2)
    word = one(at, zone, said, at(20, 9), ended_at=at(11, 20))
    assert (word.ended_by, word.ended_on) == (Ending.WORD, date(2026, 6, 11))
    assert one(at, zone, said, at(20, 9), ended_at=at(14, 20)).ended_by is Ending.MORNINGS


def test_without_a_baseline_only_the_persons_word_ends_it(at, zone):
    said = mornings(at, 0, 0, 0)
    assert one(at, zone, said, at(20, 9)).ended_at is None
    assert one(at, zone, said, at(20, 9), ended_at=at(12, 9)).ended_by is Ending.WORD


def test_its_own_mornings_do_not_move_the_baseline(at, zone, usual):
    found = one(at, zone, usual + mornings(at, *[7] * 9), at(21, 9))
    assert (found.baseline, found.ended_at) == (2, None)


def test_what_is_said_later_is_not_known_yet(at, zone, usual):
    said = usual + mornings(at, 2, 2)
    assert one(at, zone, said, at(12, 7), ended_at=at(12, 20)).ended_at is None
    assert episodes([Flare(at(10, 12))], said, at(10, 11), zone) == ()


def test_it_excuses_its_days_the_first_and_the_last_among_them(at, zone, usual):
    found = one(at, zone, usual + mornings(at, 2, 2), at(20, 9))
    assert flare_days([found], at(20, 9), zone) == dict.fromkeys([date(2026, 6, day) for day in (10, 11, 12)], "flare")


def test_while_it_lasts_it_excuses_the_days_until_today(at, zone, usual):
    found = one(at, zone, usual, at(12, 9))
    assert list(flare_days([found], at(12, 9), zone)) == [date(2026, 6, day) for day in (10, 11, 12)]


def test_on_its_seventh_day_it_is_for_the_clinician(at, zone, usual):
    found = one(at, zone, usual, at(16, 9))
    assert concerns([found], at(15, 23), zone) == ()
    assert concerns([found], at(16, 4), zone) == (Concern.LONG,)


def test_one_that_is_over_was_long_enough(at, zone, usual):
    found = one(at, zone, usual, at(20, 9), ended_at=at(19, 9))
    assert concerns([found], at(20, 9), zone) == ()


@pytest.mark.parametrize(("days", "reasons"), [(27, (Concern.AGAIN,)), (28, ())])
def test_two_within_28_days_are_for_the_clinician(at, zone, days, reasons):
    first = at(1, 12)
    second = at(date(2026, 6, 1) + timedelta(days=days), 12)
    found = episodes([Flare(second), Flare(first, at(3, 12))], [], second, zone)
    assert [each.began_on for each in found] == sorted(each.began_on for each in found)
    assert concerns(found, second, zone) == reasons


def test_a_flare_over_a_changeover_day(at, zone):
    saturday, sunday = date(2026, 10, 24), date(2026, 10, 25)
    said = [CheckIn(at(saturday - timedelta(days=1), 8), Phase.MORNING, 2)]
    said += [
        CheckIn(at(sunday, 11, 59), Phase.MORNING, 3),
        CheckIn(at(sunday + timedelta(days=1), 4), Phase.MORNING, 3),
    ]
    (found,) = episodes([Flare(at(saturday, 12))], said, at(sunday + timedelta(days=3), 9), zone)
    assert found.ended_on == sunday + timedelta(days=1)


@pytest.mark.parametrize("concern", Concern)
def test_every_concern_says_contact_your_clinician(concern):
    assert "contact your clinician" in catalogue().text(f"flare.{concern}")
