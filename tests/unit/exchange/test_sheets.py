"""A record as sheets and as one document: what stands in them, and that it can be read back."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach import shapes
from coach.effort import Effort, Predicate
from coach.exchange.archive import archive
from coach.exchange.dossier import Nudged, known
from coach.exchange.sheets import Column, Sheet, cell, plain, read
from coach.exchange.spreadsheet import SHEETS, sheets
from coach.exchange.tidy import tidy_text
from coach.safety.model import Extent, Phase
from devices.recording import Span

FORMULA = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_texts_come_back_as_they_were(texts):
    sheet = Sheet("one", (Column("text", lambda each: each, ""), Column("again", lambda each: each, "")))
    rows = read(sheet.written(texts))
    assert [plain(row["text"]) for row in rows] == [tidy_text(each) for each in texts]
    assert [row["text"] for row in rows] == [row["again"] for row in rows]


@given(st.sampled_from(FORMULA), st.text())
def test_no_cell_begins_a_formula(sign, rest):
    assert cell(f"{sign}{rest}")[:1] not in FORMULA


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (12.0, "12"),
        (45.66666, "45.6667"),
        (1234567.5, "1234567.5"),
        (float("nan"), ""),
        (-3, "-3"),
        (date(2026, 11, 2), "2026-11-02"),
        (datetime(2026, 11, 2, 18, tzinfo=UTC), "2026-11-02T18:00:00+00:00"),
        ("=1+1", "'=1+1"),
        ("'t Hooft", "''t Hooft"),
    ],
)
def test_cells(value, written):
    assert cell(value) == written


def test_a_row_a_session_with_minutes_and_verdict(record):
    one = record().done("level_walk", 20, uphill=None, notes=("=HYPERLINK(1)",)).done("swim", 15, 2, by_hand=True)
    one.told(0, "17:30", phase=Phase.PRE, pain=2).told(0, "18:20", phase=Phase.PEAK, pain=7)
    walk, swim = read(sheets(one.dossier())["sessions.csv"])
    assert (walk["local_day"], walk["week"]) == ("2026-11-02", "2026-W45")
    assert walk["started_at_utc"] == "2026-11-02T17:00:00+00:00"
    assert (walk["moving_min"], walk["uphill_min"], walk["swimming_min"]) == ("20", "", "")
    assert (walk["self_reported"], swim["self_reported"]) == ("false", "true")
    assert walk["verdict"] == "red"
    assert walk["notes"] == "'=HYPERLINK(1)"


def test_items_and_weeks_have_the_figures_of_coach_week(record):
    one = record().done("level_walk", 12).done("swim", 20, 2)
    files, shape = sheets(one.dossier()), shapes.week(one.dossier().weeks[0])
    (week,) = read(files["weeks.csv"])
    assert (week["week"], float(week["score_pct"])) == ("2026-W45", shape["score"])
    items = read(files["items.csv"])
    assert [each["exercise"] for each in items] == [each["activity"] for each in shape["items"]]
    for row, item in zip(items, shape["items"], strict=True):
        figures = ("frequency_ratio", "dose_ratio", "score_pct", "over_dose_ratio")
        assert [float(row[name]) for name in figures] == [
            item[name] for name in ("frequency", "dose", "score", "over_dose")
        ]


def test_a_row_a_check_in(record):
    one = record().told(1, "03:00", phase=Phase.POST, pain=4, extent=Extent.FOOT, activity_id=7)
    (row,) = read(sheets(one.dossier())["pain.csv"])
    assert (row["local_day"], row["pain_0_10"], row["extent_0_5"], row["session_id"]) == ("2026-11-02", "4", "5", "7")


def test_sheets_say_what_wrote_them_and_name_nobody(record):
    about = dict(csv.reader(StringIO(sheets(record().dossier())["about.csv"])))
    assert about["program"] == "sciatica-coach 0.1.0"
    assert about["disclaimer"] == "It does not diagnose."
    assert "Ada" not in "".join(sheets(record().dossier()).values())
    assert "Ada" in sheets(record().dossier(), with_name=True)["about.csv"]


def test_every_column_is_there_once_and_described():
    for sheet in SHEETS:
        names = [column.name for column in sheet.columns]
        assert len(set(names)) == len(names)
        assert all(column.says for column in sheet.columns)


def test_the_whole_record_is_json_and_the_same_again(record):
    one = record().done("level_walk", 20).told(0, "17:30", phase=Phase.PRE, pain=2)
    document = archive(one.dossier())
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document == archive(one.dossier())
    assert document["person"]["name"] == "Ada"
    assert document["written_by"]["algorithm"] == 2
    assert [each["pain"] for each in document["check_ins"]] == [2]
    assert document["activities"][0]["efforts"][0] == {
        "predicate": "moving",
        "spans": [[0.0, 1200.0]],
        "excluded": [],
        "note": None,
    }
    assert {**document["weeks"][0], **shapes.week(one.dossier().weeks[0])} == document["weeks"][0]


def test_a_nudge_leaves_without_address_and_link(record):
    at = record().at(3)
    said = Nudged("R1", "1", "failed", "550 <ada@example.org> is unknown", at, None, "email", "t", "See http://h/r/tok")
    found = archive(replace(record().dossier(), nudges=[said]))
    assert found["nudges"][0]["reason"] == "550 <[address]> is unknown"
    assert found["nudges"][0]["text"] == "See [link]"


@pytest.mark.parametrize(
    ("note", "spans", "is_known"),
    [
        (None, (), True),
        ("grade unavailable: no altitude", (), False),
        ("intensity unknown: no heart rate was recorded", (), False),
        ("intensity by heart-rate reserve: moderate from 102", (), True),
        ("grade unavailable: no altitude", (Span(0.0, 1.0),), True),
    ],
)
def test_no_minutes_are_nought_only_where_it_could_be_told(note, spans, is_known):
    assert known(Effort(Predicate.UPHILL, spans, note=note)) is is_known


DOCS = Path(__file__).parents[3] / "docs" / "exchange.md"


def _code(text: str) -> set[str]:
    import re

    return {word for span in re.findall(r"`([^`\n]+)`", text) for word in re.split(r"[\s,]+", span)}


def test_every_column_is_documented():
    told = _code(DOCS.read_text(encoding="utf-8"))
    columns = {column.name for sheet in SHEETS for column in sheet.columns}
    minutes = {f"{predicate}_min" for predicate in Predicate}
    assert columns - minutes <= told
    assert {f"{sheet.name}.csv" for sheet in SHEETS} <= told


def _keys(part: object) -> set[str]:
    if isinstance(part, dict):
        return set(part) | {key for each in part.values() for key in _keys(each)}
    return {key for each in part for key in _keys(each)} if isinstance(part, list) else set()


def test_every_key_of_the_record_is_documented(record):
    one = record().done("level_walk", 20).told(0, "17:30", phase=Phase.PRE, pain=2)
    at = one.at(0)
    from coach.exchange.dossier import Choice, Label, Pause
    from coach.safety.model import Answers, Excusal, ExcusalKind, Flare, Lock

    one.activities[0] = replace(one.activities[0], label=Label(at, "pool_walk", 30.0, 12))
    one.pauses.append(Pause(Excusal(ExcusalKind.ILLNESS, date(2026, 11, 7)), None, at))
    whole = replace(
        one.dossier(),
        answers=[Answers(at, ("leg_weakness",))],
        locks=[Lock(at, ("leg_weakness",))],
        flares=[Flare(at, at + timedelta(days=2))],
        choices=[Choice("2026-W45", "up", "stay", None, at)],
        nudges=[Nudged("R1", "1", "sent", "why", at, at, "email", "t", "x")],
    )
    document = archive(whole)
    for each in document["plans"]:
        del each["plan"]  # docs/plans.md tells its keys
    for week in document["weeks"]:  # docs/commands.md tells the other keys; days are keys as well
        for name in (*shapes.week(whole.weeks[0]), "mornings"):
            del week[name]
    assert _keys(document) <= _code(DOCS.read_text(encoding="utf-8"))


def test_every_code_of_ours_is_documented():
    from coach.exchange.codes import OWN

    told = _code(DOCS.read_text(encoding="utf-8"))
    assert {each.code for each in OWN.values()} <= told
