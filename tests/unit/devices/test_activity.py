"""From messages to recordings; the messages are made by hand, as any decoder would yield them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from devices.errors import DamagedFitError, NotAnActivityError
from devices.fit.activity import assemble
from devices.fit.clock import FIT_EPOCH
from devices.fit.messages import Damage, Messages, Table
from devices.recording import Device, Lap, Length, Span, Totals

NOON = int((datetime(2026, 3, 2, 12, tzinfo=UTC) - FIT_EPOCH).total_seconds())
FILE_ID = {"type": "activity", "manufacturer": "garmin", "garmin_product": "fr645m", "serial_number": 7}
WEEK = 7 * 86400


def messages(*, records=None, damage=None, **rows) -> Messages:
    columns = {name: np.array(values, dtype=np.float64) for name, values in (records or {}).items()}
    rows = {"file_id": [FILE_ID], **rows}
    return Messages(Table.of(columns), rows, damage)


def session(start: float = NOON, elapsed: float = 10, **fields) -> dict[str, object]:
    return {"start_time": start, "total_elapsed_time": elapsed, "sport": "walking", **fields}


def only(given: Messages):
    (recording,) = assemble(given)
    return recording


def test_a_session_and_its_records():
    recording = only(
        messages(
            session=[session(total_distance=20.0, avg_heart_rate=99, avg_cadence=50, sub_sport="generic")],
            records={"timestamp": [NOON, NOON + 5], "heart_rate": [98, 0], "enhanced_speed": [1.5, np.nan]},
        )
    )
    assert recording.start == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert (recording.sport, recording.sub_sport) == ("walking", "generic")
    assert recording.device == Device("garmin", "fr645m", 7)
    assert recording.totals == Totals(elapsed_s=10, distance_m=20, avg_heart_rate_bpm=99, avg_cadence_rpm=50)
    assert recording.columns["time_s"].tolist() == [0, 5]
    np.testing.assert_array_equal(recording.columns["heart_rate_bpm"], [98, np.nan])
    assert recording.timer == (Span(0, 10),)
    assert recording.notes == ()


def test_columns_take_the_better_field_row_by_row():
    columns = only(
        messages(
            records={
                "timestamp": [NOON, NOON + 1],
                "altitude": [10, 11],
                "enhanced_altitude": [np.nan, 11.2],
                "cadence": [50, 51],
                "fractional_cadence": [np.nan, 0.5],
                "position_lat": [2**30, -(2**30)],
                "power": [np.nan, np.nan],
            }
        )
    ).columns
    assert columns["altitude_m"].tolist() == [10, 11.2]
    assert columns["cadence_rpm"].tolist() == [50, 51.5]
    assert columns["latitude_deg"].tolist() == [90, -90]
    assert "power_w" not in columns


def test_developers_columns_are_so_many_at_most():
    given = {"timestamp": [NOON], "power": [100]} | {f"app {n}": [n] for n in range(60)}
    recording = only(messages(records=given))
    assert list(recording.developer) == [f"app {n}" for n in range(50)]
    assert recording.columns.keys() == {"time_s", "power_w"}


def test_a_missing_summary_is_made_from_the_records():
    recording = only(
        messages(records={"timestamp": [NOON + 1, NOON + 9]}, sport=[{"sport": "cycling", "sub_sport": "road"}])
    )
    assert (recording.sport, recording.sub_sport) == ("cycling", "road")
    assert recording.start == datetime(2026, 3, 2, 12, 0, 1, tzinfo=UTC)
    assert recording.totals == Totals()
    assert recording.timer == (Span(0, 8),)
    assert "no summary" in recording.notes[0]


def test_a_swim_cut_before_its_summary_is_made_from_its_lengths():
    recording = only(messages(length=[{"start_time": NOON, "total_elapsed_time": 25.5, "length_type": "active"}]))
    assert recording.sport == "generic"
    assert recording.lengths == (Length(Span(0, 25.5), active=True),)
    assert recording.timer == (Span(0, 25.5),)


def test_a_session_of_which_only_the_summary_is_known():
    assert only(messages(session=[session(sport="training")])).records == 0


def test_a_sport_newer_than_the_profile():
    recording = only(messages(session=[session(sport=64, sub_sport=250)]))
    assert (recording.sport, recording.sub_sport) == ("racket", "250")


def test_device_names():
    file_id = {"type": "activity", "manufacturer": 294, "product": 851, "serial_number": 0x7FFFFFFF}
    assert only(messages(file_id=[file_id], session=[session()])).device == Device("coros", "851")
    file_id = {"type": "activity", "manufacturer": "suunto", "product": 66, "product_name": "Suunto Race 2"}
    assert only(messages(file_id=[file_id], session=[session()])).device == Device("suunto", "Suunto Race 2")


class TestSwim:
    LENGTHS = (
        {"start_time": NOON, "total_elapsed_time": 30.0, "length_type": "active", "total_strokes": 12},
        {"start_time": NOON + 30, "total_elapsed_time": 9.0, "length_type": "idle"},
        {"total_elapsed_time": 31.5, "swim_stroke": "freestyle"},
    )

    def test_lengths(self):
        recording = only(messages(session=[session(elapsed=71, pool_length=22.86)], length=self.LENGTHS))
        assert recording.pool_length_m == 22.86
        assert recording.lengths == (
            Length(Span(0, 30), active=True, strokes=12),
            Length(Span(30, 39), active=False),
            Length(Span(39, 70.5), active=True, stroke="freestyle"),
        )

    def test_a_missing_distance_is_active_lengths_of_pool(self):
        given = messages(session=[session(pool_length=25.0, total_distance=0.0)], length=self.LENGTHS)
        assert only(given).totals.distance_m == 50

    def test_a_stated_distance_stands(self):
        given = messages(session=[session(pool_length=25.0, total_distance=75.0)], length=self.LENGTHS)
        assert only(given).totals.distance_m == 75


class TestTimer:
    def spans(self, *events: tuple[int, str], elapsed: float = 100):
        rows = [{"timestamp": NOON + at, "event": "timer", "event_type": kind} for at, kind in events]
        return only(messages(session=[session(elapsed=elapsed)], event=rows)).timer

    def test_pauses(self):
        events = ((0, "start"), (10, "stop_all"), (20, "start"), (90, "stop_disable_all"))
        assert self.spans(*events) == (Span(0, 10), Span(20, 90))

    def test_a_stop_alone_means_that_it_ran_until_then(self):
        assert self.spans((90, "stop_all")) == (Span(0, 90),)

    def test_a_start_alone_means_that_it_ran_to_the_end(self):
        assert self.spans((2, "start")) == (Span(2, 100),)

    def test_repeated_events_count_once(self):
        events = ((0, "start"), (1, "start"), (9, "stop"), (10, "stop_all"))
        assert self.spans(*events) == (Span(0, 9),)

    def test_events_elsewhere_leave_the_whole_session(self):
        assert self.spans((WEEK, "start"), (WEEK + 5, "stop")) == (Span(0, 100),)

    def test_other_events_say_nothing(self):
        rows = [{"timestamp": NOON + 5, "event": "lap", "event_type": "stop"}, {"event": "timer"}]
        assert only(messages(session=[session()], event=rows)).timer == (Span(0, 10),)


class TestSeveralSessions:
    GIVEN = messages(
        session=[
            session(NOON + 100, 50, sport="cycling"),
            session(NOON, 99.5, sport="swimming"),
        ],
        records={
            "timestamp": [NOON - 1, NOON + 50, NOON + 99, NOON + 100, NOON + 160],
            "distance": [0, 10, 20, 25, 100],
        },
        lap=[
            {"start_time": NOON, "total_elapsed_time": 99.5, "total_distance": 20.0},
            {"start_time": NOON + 100, "total_elapsed_time": 50},
        ],
        event=[
            {"timestamp": NOON, "event": "timer", "event_type": "start"},
            {"timestamp": NOON + 150, "event": "timer", "event_type": "stop_all"},
        ],
    )

    def test_each_has_its_own_stretch(self):
        swim, ride = assemble(self.GIVEN)
        assert (swim.sport, ride.sport) == ("swimming", "cycling")
        assert swim.columns["time_s"].tolist() == [0, 51, 100]
        assert ride.columns["time_s"].tolist() == [0, 60]
        assert swim.laps == (Lap(Span(1, 100.5), 20.0),)
        assert ride.laps == (Lap(Span(0, 50)),)
        assert swim.timer == (Span(1, 100.5),)
        assert ride.timer == (Span(0, 50),)

    def test_a_later_one_counts_its_own_distance(self):
        swim, ride = assemble(self.GIVEN)
        assert swim.columns["distance_m"].tolist() == [0, 10, 20]
        assert ride.columns["distance_m"].tolist() == [5, 80]

    def test_laps_without_a_start_follow_each_other_from_one_session_to_the_next(self):
        given = messages(session=[session(NOON, 100), session(NOON + 100, 50)], lap=[{"total_elapsed_time": 50}] * 3)
        assert [each.laps for each in assemble(given)] == [(Lap(Span(0, 50)), Lap(Span(50, 100))), (Lap(Span(0, 50)),)]

    def test_each_message_is_looked_at_once_however_many_sessions_there_are(self):
        """Two thousand of each took 13 seconds when each session looked at every lap."""
        looked_at = 0

        class Counted(dict):
            def get(self, *key):
                nonlocal looked_at
                looked_at += 1
                return super().get(*key)

        rows = [Counted(start_time=NOON + n, total_elapsed_time=1) for n in range(2_000)]
        events = [Counted(timestamp=NOON + n, event="timer", event_type="start") for n in range(2_000)]
        sessions = [session(NOON + n * 20, 20) for n in range(100)]
        found = assemble(messages(session=sessions, lap=rows, length=rows, event=events))
        assert [(len(each.laps), len(each.lengths)) for each in found] == [(20, 20)] * 100
        assert looked_at < 50_000

    def test_more_than_anybody_recorded_are_refused(self):
        with pytest.raises(DamagedFitError, match="holds 2,000 sessions"):
            assemble(messages(session=[session(NOON + n) for n in range(2_000)]))

    def test_the_same_session_twice_is_one(self):
        given = messages(session=[session(), session(total_distance=5.0)])
        assert only(given).totals.distance_m == 5


class TestAbsurdTimes:
    def test_records_without_time_or_far_away_are_left_out_and_said(self):
        given = messages(
            session=[session()],
            records={"timestamp": [NOON, np.nan, NOON + 2, NOON + 2 * WEEK], "heart_rate": [1, 2, 3, 4]},
        )
        recording = only(given)
        assert recording.columns["heart_rate_bpm"].tolist() == [1, 3]
        assert recording.notes == ("2 of 4 records have no time or an absurd one and were left out.",)

    def test_records_out_of_order_are_put_in_order_and_said(self):
        given = messages(records={"timestamp": [NOON, NOON + 2, NOON + 1], "heart_rate": [1, 3, 2]})
        recording = only(given)
        assert recording.columns["heart_rate_bpm"].tolist() == [1, 2, 3]
        assert "out of order" in recording.notes[-1]

    def test_a_session_that_begins_far_from_its_records_begins_with_them(self):
        recording = only(messages(session=[session(NOON - 2 * WEEK)], records={"timestamp": [NOON]}))
        assert recording.start == datetime(2026, 3, 2, 12, tzinfo=UTC)
        assert "absurd" in recording.notes[0]

    @pytest.mark.parametrize("elapsed", [1e15, 2**32 / 1000, WEEK + 1, -100])
    def test_a_session_that_took_no_time_that_any_does_is_as_long_as_its_records(self, elapsed):
        given = messages(
            session=[session(elapsed=elapsed, total_timer_time=elapsed, total_moving_time=elapsed)],
            records={"timestamp": [NOON, NOON + 60]},
            lap=[{"start_time": NOON, "total_elapsed_time": elapsed}],
        )
        recording = only(given)
        assert recording.totals == Totals()
        assert recording.timer == (Span(0, 60),)
        assert recording.laps == (Lap(Span(0, 0)),)

    def test_a_session_of_a_week_is_one(self):
        assert only(messages(session=[session(elapsed=WEEK)])).totals.elapsed_s == WEEK

    @pytest.mark.parametrize("start", [2.0**32, 2.5e11, 2.0**50])
    def test_dates_that_fit_cannot_tell_are_refused(self, start):
        with pytest.raises(DamagedFitError, match="absurd"):
            assemble(messages(session=[session(start)]))


class TestClock:
    @pytest.mark.parametrize(
        ("local", "offset"),
        [
            (NOON + 7200, timedelta(hours=2)),
            (NOON - 7200 + 29, timedelta(hours=-2)),
            (NOON + 14 * 3600, timedelta(hours=14)),
            (NOON + 15 * 3600, None),
            (0, None),
            (None, None),
        ],
    )
    def test_offset(self, local, offset):
        given = messages(session=[session()], activity=[{"timestamp": NOON, "local_timestamp": local}])
        assert only(given).utc_offset == offset

    def test_a_clock_that_was_never_set_takes_the_date_of_local_time(self):
        given = messages(
            session=[session(485, 1300)],
            records={"timestamp": [500, 1700]},
            activity=[{"timestamp": 1801, "local_timestamp": NOON}],
        )
        recording = only(given)
        assert recording.start == datetime(2026, 3, 2, 12, tzinfo=UTC) - timedelta(seconds=1801 - 485)
        assert recording.columns["time_s"].tolist() == [15, 1215]
        assert recording.utc_offset is None
        assert "clock was never set" in recording.notes[0]

    def test_without_its_saving_time_the_elapsed_time_is_taken_off(self):
        given = messages(session=[session(485, 1300)], activity=[{"local_timestamp": NOON}])
        assert only(given).start == datetime(2026, 3, 2, 12, tzinfo=UTC) - timedelta(seconds=1300)

    @pytest.mark.parametrize("local", [None, 5])
    def test_without_any_date_it_is_refused(self, local):
        with pytest.raises(DamagedFitError, match="no date"):
            assemble(messages(session=[session(485)], activity=[{"local_timestamp": local}]))


class TestRefusals:
    @pytest.mark.parametrize("kind", ["settings", "course", "workout", "monitoring_b", 68])
    def test_another_kind_of_fit_file(self, kind):
        with pytest.raises(NotAnActivityError, match=f"'{kind}'.*GARMIN/Activity"):
            assemble(messages(file_id=[{"type": kind}], records={"timestamp": [NOON]}))

    def test_nothing_in_it(self):
        with pytest.raises(DamagedFitError, match="no session and no records"):
            assemble(messages())

    def test_nothing_left_of_it(self):
        with pytest.raises(DamagedFitError, match=r"could be saved\. Broken") as refusal:
            assemble(messages(damage=Damage("Broken.", 77)))
        assert refusal.value.offset == 77

    def test_numbers_that_are_none_are_not_known(self):
        recording = only(messages(session=[session(total_distance=(1, 2), total_ascent=float("nan"))]))
        assert recording.totals.distance_m is None
        assert recording.totals.ascent_m is None
