"""What came of a session: every vector and rule of the clinical rules, section 6."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coach.safety.model import CheckIn, Colour, Extent, Lock, Phase
from coach.safety.verdicts import Reason, verdict
from config.messages import catalogue

VECTORS = {
    "2/3/2/3": Colour.GREEN,
    "2/5/4/3": Colour.AMBER,
    "2/3/3/4": Colour.RED,
    "1/2/2/-": Colour.UNKNOWN,
    "3/6/4/3": Colour.RED,
}


@pytest.mark.parametrize(("pains", "colour"), VECTORS.items())
def test_the_vectors_with_limit_three(judged, told, pains, colour):
    assert judged(told(pains)).colour is colour


def test_extent_two_to_four_and_four_next_morning_is_red(judged, told):
    found = judged(told("2/3/2/2", "2/4/4/4"))
    assert (found.colour, found.reasons) == (Colour.RED, (Reason.EXTENT_STAYS,))


def test_extent_two_to_four_and_two_next_morning_is_amber(judged, told):
    found = judged(told("2/3/2/2", "2/4/4/2"))
    assert (found.colour, found.reasons) == (Colour.AMBER, (Reason.EXTENT_BACK,))


def test_extent_that_is_only_partly_back_is_still_further_down(judged, told):
    assert judged(told("2/3/2/2", "2/4/4/3")).reasons == (Reason.EXTENT_STAYS,)


def test_extent_that_rose_overnight_is_red_as_well(judged, told):
    assert judged(told("2/3/2/2", "2/2/2/3")).reasons == (Reason.EXTENT_STAYS,)


def test_extent_of_which_the_morning_says_nothing_is_amber_once_the_morning_is_told_or_over(judged, told, at):
    rose = told("2/3/2/2", "2/4/4/-")
    assert judged(rose).reasons == (Reason.EXTENT_ROSE,)
    assert judged(rose[:-1], now=at(2, 11)).colour is Colour.PENDING
    over = judged(rose[:-1], now=at(2, 12))
    assert (over.colour, over.reasons, over.at) == (Colour.AMBER, (Reason.EXTENT_ROSE,), at(2, 12))


def test_extent_that_nobody_told_before_cannot_be_compared(judged, told):
    assert judged(told("2/3/2/2", "-/4/4/4")).reasons == (Reason.EXTENT_UNKNOWN,)
    assert judged(told("2/3/2/2", "-/0/0/0")).colour is Colour.GREEN


@pytest.mark.parametrize(
    ("pains", "colour", "reasons"),
    [
        ("2/4/2/2", Colour.AMBER, (Reason.PEAK_OVER_LIMIT,)),
        ("2/3/4/2", Colour.AMBER, (Reason.POST_UP,)),
        ("1/3/3/1", Colour.AMBER, (Reason.POST_UP,)),
        ("2/5/2/2", Colour.AMBER, (Reason.PEAK_OVER_LIMIT,)),
        ("2/6/2/2", Colour.RED, (Reason.PEAK_HIGH,)),
        ("2/6/4/4", Colour.RED, (Reason.PEAK_HIGH, Reason.MORNING_UP)),
        ("5/3/5/6", Colour.GREEN, (Reason.SETTLED,)),
        ("-/3/2/3", Colour.UNKNOWN, (Reason.NO_PRE,)),
        ("-/6/-/-", Colour.RED, (Reason.PEAK_HIGH,)),
        ("-/-/-/-", Colour.UNKNOWN, (Reason.NO_MORNING, Reason.NO_PRE)),
    ],
)
def test_the_edges(judged, told, pains, colour, reasons):
    found = judged(told(pains))
    assert (found.colour, found.reasons) == (colour, reasons)


def test_the_limit_is_the_plans(judged, told):
    assert judged(told("2/4/2/2"), limit=4).colour is Colour.GREEN
    assert judged(told("2/5/2/2"), limit=4).colour is Colour.AMBER


@pytest.mark.parametrize(
    ("pains", "colour"),
    [("2/2/2/2", Colour.GREEN), ("2/3/2/2", Colour.AMBER), ("5/5/5/5", Colour.GREEN), ("7/6/6/6", Colour.RED)],
)
def test_pain_free_only_allows_what_was_there_before_and_five_at_the_most(judged, told, pains, colour):
    assert judged(told(pains), pain_free_only=True).colour is colour


def test_pain_free_only_without_a_score_before_keeps_the_plans_limit(judged, told):
    assert judged(told("-/4/-/2"), pain_free_only=True).reasons == (Reason.PEAK_OVER_LIMIT,)
    assert judged(told("-/3/-/2"), pain_free_only=True).reasons == (Reason.NO_PRE,)


def test_where_the_most_was_not_said_it_was_at_least_what_was_said_right_after(judged, told, at):
    assert judged(told("5/-/6/5")).reasons == (Reason.PEAK_HIGH,)
    late = [*told("5/-/-/5"), CheckIn(at(1, 20), Phase.POST, 6)]
    assert judged(late).colour is Colour.GREEN


def test_new_numbness_is_red(judged, told, at):
    found = judged([*told("2/3/2/2"), CheckIn(at(1, 19), Phase.POST, 2, numbness=True)])
    assert (found.colour, found.reasons, found.at) == (Colour.RED, (Reason.NUMBNESS,), at(1, 19))


@pytest.mark.parametrize("phase", Phase)
def test_new_weakness_escalates_whenever_it_is_told(judged, told, phase):
    said = [
        each if each.phase is not phase else CheckIn(each.at, phase, each.pain, weakness=True)
        for each in told("2/3/2/2")
    ]
    found = judged(said)
    assert (found.colour, found.reasons) == (Colour.ESCALATE, (Reason.WEAKNESS,))


def test_a_lock_between_the_start_and_the_next_noon_escalates(judged, told, at):
    for raised_at, colour in (
        (at(1, 16, 59), Colour.GREEN),
        (at(1, 17), Colour.ESCALATE),
        (at(2, 11, 59), Colour.ESCALATE),
        (at(2, 12), Colour.GREEN),
    ):
        assert judged(told("2/3/2/2"), locks=[Lock(raised_at, ("leaking",))]).colour is colour


def test_a_cleared_lock_escalates_all_the_same_and_one_of_tomorrow_does_not_yet(judged, told, at):
    cleared = Lock(at(1, 18), ("fall",), cleared_at=at(1, 20), cleared_by="Dr Bo", cleared_on=date(2026, 6, 1))
    found = judged(told("2/3/2/2"), locks=[cleared])
    assert (found.reasons, found.at) == ((Reason.WARNING_SIGN,), at(1, 18))
    assert judged(told("2/3/-/-"), now=at(1, 17, 45), locks=[cleared]).colour is Colour.PENDING


def test_it_is_pending_until_noon_and_unknown_from_then_on(judged, told, at):
    early = told("1/2/2/-")
    before, after = judged(early, now=at(2, 11, 59)), judged(early, now=at(2, 12))
    assert (before.colour, before.reasons, before.at) == (Colour.PENDING, (Reason.MORNING_OPEN,), None)
    assert (after.colour, after.reasons, after.at) == (Colour.UNKNOWN, (Reason.NO_MORNING,), at(2, 12))


def test_a_morning_score_settles_it_at_once(judged, told, at):
    found = judged(told("2/3/2/3"), now=at(2, 9))
    assert (found.colour, found.at) == (Colour.GREEN, at(2, 8))


def test_what_is_told_later_is_not_known_yet(judged, told, at):
    assert judged(told("2/3/3/4"), now=at(2, 7)).colour is Colour.PENDING


def test_an_amber_says_that_the_morning_can_still_change_it(judged, told, at):
    assert judged(told("2/5/4/-"), now=at(1, 20)).reasons[-1] is Reason.MORNING_OPEN
    assert Reason.MORNING_OPEN not in judged(told("2/5/4/-")).reasons


def test_a_red_is_dated_by_the_check_in_that_made_it_so(judged, told, at):
    assert judged(told("2/6/4/4")).at == at(1, 17, 31)
    assert judged(told("2/3/3/4")).at == at(2, 8)


@pytest.mark.parametrize(
    ("sunday", "noon"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 29, 10, tzinfo=UTC)),  # the night is an hour short
        (date(2026, 10, 25), datetime(2026, 10, 25, 11, tzinfo=UTC)),  # and an hour long
    ],
)
def test_the_next_morning_on_both_changeover_days(walk, at, zone, sunday, noon):
    bout = walk(started_at=at(sunday - timedelta(days=1), 18))
    pre = CheckIn(bout.started_at, Phase.PRE, 2)

    def found(morning: datetime, now: datetime = noon) -> Colour:
        said = [pre, CheckIn(morning, Phase.MORNING, 2)]
        return verdict(bout, [bout], said, limit=3, pain_free_only=False, now=now, zone=zone).colour

    four = at(sunday, 4)
    assert found(four) is Colour.GREEN
    assert found(four - timedelta(seconds=1)) is Colour.UNKNOWN
    assert found(noon - timedelta(seconds=1)) is Colour.GREEN
    assert found(noon) is Colour.UNKNOWN
    assert found(noon, now=noon - timedelta(seconds=1)) is Colour.PENDING
    assert noon.astimezone(zone).hour == 12


def test_a_session_before_four_belongs_to_the_day_before(walk, at, zone):
    bout = walk(started_at=at(2, 1))
    said = [CheckIn(at(2, 0, 55), Phase.PRE, 2), CheckIn(at(2, 8), Phase.MORNING, 4)]
    found = verdict(bout, [bout], said, limit=3, pain_free_only=False, now=at(2, 9), zone=zone)
    assert found.reasons == (Reason.MORNING_UP,)


def test_the_morning_is_the_persons_own(walk):
    auckland = ZoneInfo("Pacific/Auckland")
    bout = walk(started_at=datetime(2026, 6, 1, 5, tzinfo=UTC))  # 17:00 there
    said = [CheckIn(bout.started_at, Phase.PRE, 2), CheckIn(datetime(2026, 6, 1, 20, tzinfo=UTC), Phase.MORNING, 2)]
    now = datetime(2026, 6, 2, 1, tzinfo=UTC)
    assert verdict(bout, [bout], said, limit=3, pain_free_only=False, now=now, zone=auckland).colour is Colour.GREEN


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_words(reason):
    assert catalogue().text(f"verdict.{reason}")


@pytest.mark.parametrize("colour", Colour)
def test_every_colour_has_its_words(colour):
    assert catalogue().text(f"colour.{colour}")


def test_extents_are_in_order():
    assert [each.value for each in Extent] == [0, 1, 2, 3, 4, 5]
