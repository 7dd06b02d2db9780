"""Files from a watch, many at once. Without scripts one request brings them all, and one page tells of each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Response

from coach.ingest.files import Ingested, Outcome
from coach.plan import Exercise, facts
from coach.store.activities import Measured
from coach.store.tables import Activity, key
from coach.summary.translated import translated
from coach.uploads import Upload, take
from coach.web.forms import Files
from coach.web.guard import LONGEST_UPLOAD_BYTES
from coach.web.visit import Own, Visit
from config.messages.calendar import weekday, whole

router: Final = APIRouter()

_WRONG: Final = 422
MEGABYTE: Final = 1_000_000


_IN_ARCHIVE: Final = re.compile(r"(\.zip)!", re.IGNORECASE)
_PLACE: Final = re.compile(r" \(byte [\d,]+\)$")
"""Where in the file it is wrong is for who mends files."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a file: `outcome` is a text of the page. `sessions` are their numbers, each with its words."""

    name: str
    outcome: str
    reason: str | None
    sessions: Sequence[tuple[int, str]]


@router.get("/upload")
def asked(visit: Own) -> Response:
    return _page(visit)


@router.post("/upload")
def uploaded(visit: Own, form: Files) -> Response:
    if not form.files:
        return _page(visit, wrong=visit.say("upload.none"))
    uploads = [Upload(each.filename or "?", each.file) for each in form.files]
    return _page(visit, told(visit, take(visit.app, visit.me, uploads)))


def told(visit: Visit, results: Iterable[Ingested]) -> list[Told]:
    """For the page: no words of the command line, and of what is damaged only what was lost."""
    return [
        Told(
            _IN_ARCHIVE.sub(r"\1: ", each.path),
            _outcome(each),
            _reason(each, visit),
            [_session(kept, visit) for kept in each.activities],
        )
        for each in results
    ]


def _outcome(result: Ingested) -> str:
    is_away = result.outcome is Outcome.DUPLICATE and not result.activities
    return "deleted" if is_away else result.outcome


def _page(visit: Visit, results: Sequence[Told] = (), wrong: str | None = None) -> Response:
    return visit.page(
        "upload.html.j2",
        _WRONG if wrong else 200,
        results=results,
        wrong=wrong,
        longest=LONGEST_UPLOAD_BYTES,
        megabytes=LONGEST_UPLOAD_BYTES // MEGABYTE,
    )


def _reason(result: Ingested, visit: Visit) -> str | None:
    match result.outcome:
        case Outcome.PARTIAL:
            return translated(_PLACE.sub("", result.damage or ""), visit.words.messages)
        case Outcome.REFUSED:
            reason = _PLACE.sub("", (result.reason or "").removeprefix(result.path).strip())
            return translated(reason, visit.words.messages) or visit.say("upload.unreadable")
        case _:
            return None


def _session(kept: Measured, visit: Visit) -> tuple[int, str]:
    row = kept.activity
    begun, words = row.started_at.astimezone(visit.zone), visit.words.messages
    day = f"{weekday(begun.date(), words)}, {whole(begun.date(), words)}"
    minutes = round((kept.best("elapsed_s") or 0) / 60)
    return key(row), visit.say("upload.session", what=_what(row, visit), day=day, at=f"{begun:%H:%M}", minutes=minutes)


def _what(row: Activity, visit: Visit) -> str:
    return facts(Exercise(row.exercise), visit.words.messages).one if row.exercise else visit.say("upload.no_kind")
