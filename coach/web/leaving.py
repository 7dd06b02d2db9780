"""To take everything along, and to have everything erased."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from tempfile import TemporaryFile
from typing import IO, Final

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from coach import erasures
from coach.erasing import Erased, erase
from coach.store.access import What, note
from coach.store.engine import writing
from coach.store.tables import key
from coach.taking_along import write_all
from coach.web.confirming import my_account, unconfirmed
from coach.web.forms import Form
from coach.web.visit import COOKIE, Own, Visit
from coach.weeks import day_of
from config.private import Private

log = logging.getLogger(__name__)

router: Final = APIRouter()

_DELETE: Final = "/account/delete"
_AT_ONCE: Final = 65_536
_WRONG: Final = 422


@router.get("/account/export")
def export(visit: Own) -> Response:
    return visit.page("export.html.j2")


@router.get("/account/export/coach.zip")
def exported(visit: Own) -> Response:
    """Made whole first, in a file that has no name; then sent bit by bit."""
    visit.site.limits.count("costly", str(visit.account_id))
    target = TemporaryFile()  # noqa: SIM115  (closed by who reads it)
    write_all(visit.app.engine, key(visit.me), visit.now, target)
    with writing(visit.app.engine, key(visit.me), visit.actor) as session:
        note(session, What.EXPORTED, visit.me.id, visit.now)
    size = target.tell()
    target.seek(0)
    name = f"coach-{day_of(visit.now, visit.zone)}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    return StreamingResponse(_parts(target), media_type="application/zip", headers=headers)


def _parts(target: IO[bytes]) -> Iterator[bytes]:
    with target:
        while part := target.read(_AT_ONCE):
            yield part


@router.get(_DELETE)
def about_to_go(visit: Own) -> Response:
    return _asked(visit)


@router.post(_DELETE)
def gone(visit: Own, form: Form) -> Response:
    if (fault := unconfirmed(visit, form)) is not None:
        return _asked(visit, fault)
    erased = erase(visit.app.engine, visit.app.settings, key(visit.me), visit.now, visit.actor)
    _noted(visit, erased)
    answer = replace(visit, who=None, person=None).page("farewell.html.j2")
    answer.delete_cookie(COOKIE, path=visit.site.root or "/")
    return answer


def _noted(visit: Visit, erased: Erased) -> None:
    """They are gone either way; whoever keeps the coach running reads in the log what the list does not say."""
    try:
        erasures.note(visit.app.settings, key(visit.me), erased, visit.now)
    except erasures.NotNotedError as error:
        log.error("%s", Private(error))  # noqa: TRY400


def _asked(visit: Visit, wrong: str | None = None) -> Response:
    email, sentence = my_account(visit).email, visit.say(wrong) if wrong else None
    return visit.page("delete.html.j2", _WRONG if wrong else 200, email=email, wrong=sentence)
