"""`coach week` and `coach summary`: a week held against the plan, and its page."""

import html.parser
import os
import subprocess
import sys
from pathlib import Path

import pytest

WEEK = {"week", "status", "score", "score_low", "score_high", "band", "items", "violations"}
ITEM = {
    *("activity", "role", "planned_sessions", "planned_minutes", "frequency", "dose", "score", "over_dose"),
    "sessions",
}
SESSION = {"activity_id", "eligible_minutes", "credited_minutes", "excluded"}
EXCLUDED = {"minutes", "from", "to", "reason"}
VIOLATION = {"code", "severity", "minutes", "activity_id", "activity"}


@pytest.fixture
def imported(coach, ada, watch) -> dict[str, int]:
    """The week's activities: number by name."""
    lines = coach("import", watch, "--json").lines
    return {Path(line["path"]).stem: line["activities"][0]["id"] for line in lines}


def test_the_keys(coach, imported):
    week = coach("week", "2026-W23", "--json").json
    assert week.keys() >= WEEK
    assert (week["week"], week["status"]) == ("2026-W23", "complete")
    assert all(item.keys() >= ITEM for item in week["items"])
    sessions = [session for item in week["items"] for session in item["sessions"]]
    assert sessions
    assert all(session.keys() >= SESSION for session in sessions)
    excluded = [each for session in sessions for each in session["excluded"]]
    assert excluded
    assert all(each.keys() == EXCLUDED for each in excluded)
    assert [each.keys() for each in week["violations"]] == [VIOLATION]


def test_each_minute_names_its_activity_and_reason(coach, imported):
    week = coach("week", "2026-W23", "--json").json
    items = {item["activity"]: item for item in week["items"]}
    walks = {session["activity_id"]: session for session in items["level_walk"]["sessions"]}
    assert walks[imported["walk"]]["credited_minutes"] == pytest.approx(12, abs=0.3)
    hill = walks[imported["hill"]]
    uphill = sum(each["minutes"] for each in hill["excluded"] if "uphill" in each["reason"])
    assert uphill == pytest.approx(6, abs=0.6)
    assert hill["credited_minutes"] == pytest.approx(9, abs=0.7)
    assert hill["excluded"][0]["from"].startswith("2026-06-04T15:3")
    (violation,) = week["violations"]
    assert (violation["code"], violation["severity"]) == ("uphill_avoid", "major")
    assert (violation["activity_id"], violation["minutes"]) == (imported["hill"], pytest.approx(uphill, abs=0.1))
    assert items["swim"]["sessions"][0]["eligible_minutes"] == pytest.approx(14, abs=1.5)
    assert items["level_walk"]["planned_sessions"] == 5
    assert items["level_walk"]["planned_minutes"] == 10
    assert week["score"] == week["score_low"] == week["score_high"]
    assert week["band"] in {"on_plan", "partly", "off_plan"}


def test_a_week_by_a_date_in_it(coach, ada):
    assert coach("week", "2026-06-07", "--json").json["week"] == "2026-W23"
    assert coach("week", "2026-06-08", "--json").json["week"] == "2026-W24"


def test_this_week_is_open_and_one_before_the_plan_has_none(coach, ada):
    assert coach("week", "--json").json["status"] == "open"
    before = coach("week", "2026-W22", "--json").json
    assert (before["status"], before["score"], before["band"], before["items"]) == ("no_plan", None, None, [])


def test_a_week_of_which_nobody_has_heard_is_incomplete(coach, ada):
    week = coach("week", "2026-W23", "--json").json
    assert (week["status"], week["score"]) == ("incomplete", None)
    assert (week["score_low"], week["score_high"]) == (0.0, 100.0)


def test_for_people(coach, imported):
    told = coach("week", "2026-W23").out
    assert told.startswith("2026-W23 (complete)")
    assert "uphill, which your" in told
    assert "3 of 5" in told
    assert "went against" not in told


@pytest.mark.parametrize("text", ["2026-W54", "soon", "5.11.2026", "2026-13-01", "9999-W52", "0001-W01"])
@pytest.mark.parametrize("command", ["week", "summary"])
def test_what_is_no_week(coach, ada, command, text):
    said = coach(command, text, code=2)
    assert f"'{text}'" in said.err
    assert "2026-W45" in said.err
    assert said.out == ""


def test_the_summary_as_text(coach, imported):
    text = coach("summary", "2026-W23").out
    assert "1-7 June 2026" in text
    assert "Walks: 3 of 5, " in text
    assert "uphill" in text
    assert "Warning signs" in text
    assert "call 112" in " ".join(text.split())
    assert "does not diagnose" in " ".join(text.split())
    assert "herniation" not in text, "letters lie about"


class _Page(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags, self.addresses = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in {"src", "href"}]


def test_the_summary_as_html_needs_nothing_from_elsewhere(coach, imported):
    page = _Page()
    page.feed(coach("summary", "2026-W23", "--format", "html").out)
    assert {"html", "table"} <= page.tags
    assert not {"script", "link", "img"} & page.tags
    assert page.addresses == []


def test_a_name_is_no_html(coach, setup):
    coach(*setup(name="<script>alert(1)</script>"))
    assert "<script>" not in coach("summary", "2026-W23", "--format", "html").out


def test_the_summary_as_json(coach, imported):
    letter = coach("summary", "2026-W23", "--format", "json").json
    assert letter["name"] == "Ada"
    assert letter["bars"]
    assert letter["warnings"]


def test_the_week_for_a_clinician(coach, imported):
    """It may name the diagnosis: the person makes it themselves."""
    text = coach("summary", "2026-W23", "--for", "clinician").out
    assert "Condition: disc herniation" in text
    assert "uphill_avoid" in text
    assert "<svg" not in text
    assert "disc herniation" in coach("summary", "2026-W23", "--for", "clinician", "--format", "html").out
    report = coach("summary", "2026-W23", "--for", "clinician", "--format", "json").json
    assert {"plan", "score", "sessions", "decision", "about"} <= {each["key"] for each in report["blocks"]}
    assert coach("summary", "2026-W23", "--for", "person").out == coach("summary", "2026-W23").out


def test_the_summary_is_of_last_week_by_default(coach, ada):
    from datetime import UTC, datetime, timedelta

    last = (datetime.now(UTC) - timedelta(days=7)).isocalendar()
    assert coach("summary").out == coach("summary", f"{last.year}-W{last.week:02}").out


def test_to_a_file_whole_or_not_at_all(coach, imported, tmp_path):
    target = tmp_path / "page.html"
    said = coach("summary", "2026-W23", "--format", "html", "--out", target)
    assert said.out == ""
    assert "Written to" in said.err
    assert target.read_text() == coach("summary", "2026-W23", "--format", "html").out
    assert list(tmp_path.glob(".page*")) == []


def test_a_link_is_written_through_and_a_device_to(coach, ada, tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    coach("summary", "2026-W23", "--out", tmp_path / "link.txt")
    assert (tmp_path / "link.txt").is_symlink()
    assert "Warning signs" in (tmp_path / "real.txt").read_text()
    coach("summary", "2026-W23", "--out", os.devnull)
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("place", ["missing/page.html", "."])
def test_a_place_that_cannot_be_written(coach, ada, tmp_path, place):
    said = coach("summary", "2026-W23", "--out", tmp_path / place, code=1)
    assert f"{tmp_path / place} cannot be written: " in said.err
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.thorough
def test_a_full_disk_behind_stdout_is_a_sentence(imported):
    """What is printed is lost only when it is flushed, after the last line."""
    coach = Path(sys.executable).with_name("coach")
    for words in (["week", "2026-W23"], ["summary", "--format", "html"]):
        with Path("/dev/full").open("w") as full:
            ended = subprocess.run([coach, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert (ended.returncode, ended.stderr) == (1, "No space left on device.\n"), words
