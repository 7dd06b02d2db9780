"""What was measured of some, carried to many: what each part asks for, if a person costs the same."""

from collections.abc import Mapping

from corpus import show
from watching import Figures

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
_LOOK_S, _AHEAD_S, _OUT_WITHIN_S, _HOUR_S = 15 * 60, 4 * 3600, 10 * 60, 3600
_WEEKS = 52


def on_paper(found: Mapping[str, Figures], busiest: float) -> None:
    """All in one time zone. CPU is that of the service and of the database's own processes."""
    week, hour, monday = found["the week"], found["the busiest hour"], found["Monday"]
    upload_s = (hour["CPU ms an upload"] + hour["and of the database"]) / 1000
    planned_s = monday["CPU ms to plan for a person"] / 1000
    worded_s = (monday["CPU ms to word a letter"] + monday["and of the database, both"]) / 1000
    sent_s = (monday["CPU ms to send a letter"] + monday["and of the database"]) / 1000
    asked = {
        "uploads a second, in the busiest hour": busiest / _HOUR_S,
        "cores for them": busiest / _HOUR_S * upload_s,
        "cores to look at everybody within a quarter of an hour": planned_s / _LOOK_S,
        "cores to plan and word all summaries from four to eight": (planned_s + worded_s) / _AHEAD_S,
        "cores to send all summaries in ten minutes": sent_s / _OUT_WITHIN_S,
        "letters a second, then": 1 / _OUT_WITHIN_S,
        "MB/s to the mail server, then": monday["kB a mail"] / 1000 / _OUT_WITHIN_S,
        "million nudges a year": week["nudges a person"] * _WEEKS / 1e6,
        "GB that the database grows a year": week["kB that the database grows a person"] * _WEEKS / 1e6,
    }
    rows = [
        (name, *(f"{size * each:,.{0 if size * each >= 10 else 1}f}" for size in SIZES)) for name, each in asked.items()
    ]
    show(("on paper, persons", *(f"{size:,}" for size in SIZES)), rows)
