"""What holds whatever is told."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from coach.safety.flares import episodes, flare_days
from coach.safety.model import CheckIn, Colour, Extent, Flare, Lock, Phase, Verdict
from coach.safety.rest import rest_days
from coach.safety.sore import sore
from coach.safety.verdicts import verdict
from coach.weeks import day_of

ZONE = ZoneInfo("Europe/Berlin")
SATURDAY = datetime(2026, 10, 24, tzinfo=UTC)  # the clocks go back on the Sunday
WORST_FIRST = list(Colour)
MANY = settings(max_examples=150, deadline=None)


@dataclass(frozen=True)
class Bout:
    activity_ids: tuple[int, ...]
    started_at: datetime
    ended_at: datetime
    day: date
    sha256: str = ""

    @property
    def turn(self) -> tuple[datetime, str, int]:
        return self.started_at, self.sha256, self.activity_ids[0]


moments = st.integers(0, 3 * 24 * 4).map(lambda quarter: SATURDAY + timedelta(minutes=15 * quarter))
scores = st.none() | st.integers(0, 10)
check_ins = st.builds(
    CheckIn,
    moments,
    st.sampled_from(Phase),
    scores,
    st.none() | st.sampled_from(Extent),
    numbness=st.booleans(),
    weakness=st.booleans(),
    activity_id=st.none() | st.integers(0, 4),
)
calm = st.builds(CheckIn, moments, st.sampled_from(Phase), scores, st.none() | st.sampled_from(Extent))


@st.composite
def bouts(draw: st.DrawFn) -> list[Bout]:
    starts = draw(st.lists(moments, min_size=1, max_size=4))
    minutes = st.integers(1, 120)
    return [
        Bout((number,), start, start + timedelta(minutes=draw(minutes)), day_of(start, ZONE))
        for number, start in enumerate(starts)
    ]


def judged(found: list[Bout], said: list[CheckIn], now: datetime, **more) -> Verdict:
    more = {"limit": 3, "pain_free_only": False} | more
    return verdict(found[0], found, said, now=now, zone=ZONE, **more)


@given(
    bouts(),
    st.lists(check_ins, max_size=8),
    moments,
    st.integers(0, 5),
    st.booleans(),
    st.lists(st.builds(Lock, moments, st.just(("fall",))), max_size=1),
)
@MANY
def test_there_is_always_a_colour_with_a_reason(found, said, now, limit, pain_free_only, locks):
    result = judged(found, said, now, limit=limit, pain_free_only=pain_free_only, locks=locks)
    assert result.reasons
    assert (result.at is None) is (result.colour is Colour.PENDING)
    assert result.at is None or result.at <= now
    assert result == judged(found, said[::-1], now, limit=limit, pain_free_only=pain_free_only, locks=locks)


@given(bouts(), st.lists(check_ins, min_size=1, max_size=6), moments, st.data())
@MANY
def test_a_worse_answer_never_makes_a_verdict_better(found, said, now, data):
    """Worse: what was told during, after, or on the morning after is more, further down, or newly numb or weak."""
    chosen = data.draw(st.integers(0, len(said) - 1))
    before = said[chosen]
    if before.phase is Phase.PRE:
        worse = before._replace(weakness=True)
    else:
        worse = before._replace(
            pain=None if before.pain is None else data.draw(st.integers(before.pain, 10)),
            extent=None if before.extent is None else data.draw(st.sampled_from(list(Extent)[before.extent :])),
            numbness=before.numbness or data.draw(st.booleans()),
            weakness=before.weakness or data.draw(st.booleans()),
        )
    then = [*said[:chosen], worse, *said[chosen + 1 :]]
    order = WORST_FIRST.index
    assert order(judged(found, then, now).colour) <= order(judged(found, said, now).colour)


@given(bouts(), st.lists(calm, max_size=6), moments, st.sampled_from([Phase.PEAK, Phase.POST, Phase.MORNING]), moments)
@MANY
def test_one_more_answer_that_is_bad_enough_never_makes_it_better(found, said, now, phase, at):
    bad = CheckIn(at, phase, 10, Extent.FOOT, numbness=True)  # of whichever session it is
    order = WORST_FIRST.index
    before, after = judged(found, said, now).colour, judged(found, [*said, bad], now).colour
    assert order(after) <= order(before)


@given(bouts(), st.lists(calm, max_size=6), moments)
@MANY
def test_a_stricter_limit_never_makes_it_better(found, said, now):
    colours = [WORST_FIRST.index(judged(found, said, now, limit=limit).colour) for limit in range(6)]
    assert colours == sorted(colours)


@given(st.lists(check_ins, max_size=8), check_ins, moments, st.lists(st.sampled_from(Colour), max_size=3))
@MANY
def test_sore_is_monotone(said, more, now, colours):
    """One more answer of today, and one more verdict, take no reason away."""
    today = more._replace(at=max(more.at, now - timedelta(hours=1)))
    verdicts = [Verdict(colour, ("x",), now) for colour in colours]
    before = set(sore(now, verdicts, said, ZONE))
    assert before <= set(sore(now, [*verdicts, Verdict(Colour.RED, ("x",), now)], said, ZONE))
    if all(each.at.astimezone(ZONE).date() <= today.at.astimezone(ZONE).date() for each in said):
        assert before <= set(sore(now, verdicts, [*said, today], ZONE))


@given(st.lists(st.builds(Verdict, st.sampled_from(Colour), st.just(("x",)), st.none() | moments), max_size=5), moments)
@MANY
def test_rest_days_only_grow(verdicts, at):
    before = rest_days(verdicts, ZONE)
    assert before.items() <= rest_days([*verdicts, Verdict(Colour.RED, ("x",), at)], ZONE).items()
    assert all(before.values())


@given(st.lists(st.builds(Flare, moments), max_size=2), st.lists(calm, max_size=12), moments)
@MANY
def test_a_flare_that_is_over_stays_over(flares, said, now):
    later = now + timedelta(days=1)
    before, after = (episodes(flares, said, when, ZONE) for when in (now, later))
    for each, then in zip(before, after, strict=False):
        if each.ended_at is not None:
            assert then == each
    assert set(flare_days(before, now, ZONE)) <= set(flare_days(after, later, ZONE))
