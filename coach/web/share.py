"""What a phone shares with the coach. It comes without a form of ours, so it only waits until its person says yes."""

from typing import Final

from fastapi import APIRouter, Response

from coach.staging import MOST_BYTES, MOST_FILES, Staging, TooMuchError
from coach.uploads import Upload, take_files
from coach.web.forms import Form, Shared
from coach.web.upload import MEGABYTE, told
from coach.web.visit import Own, Visit

router: Final = APIRouter()

_WRONG: Final = 422


@router.get("/share")
def asked(visit: Own) -> Response:
    return _page(visit)


@router.post("/share")
def shared(visit: Own, form: Shared) -> Response:
    if not form.files:
        return _page(visit, wrong=visit.say("share.none"))
    try:
        _staging(visit).stage([Upload(each.filename or "?", each.file) for each in form.files], visit.now)
    except TooMuchError:
        megabytes = MOST_BYTES // MEGABYTE
        return _page(visit, wrong=visit.say("share.too_much", most=MOST_FILES, megabytes=megabytes))
    return visit.to("/share")


@router.post("/share/add")
def added(visit: Own, form: Form) -> Response:
    """What was added no longer waits; what failed halfway still does, and is known when it comes again."""
    del form
    staging = _staging(visit)
    waiting = staging.waiting(visit.now)
    results = told(visit, take_files(visit.app, visit.me, [(each.name, each.path) for each in waiting]))
    staging.discard(waiting)
    return visit.page("shared.html.j2", results=results)


@router.post("/share/discard")
def discarded(visit: Own, form: Form) -> Response:
    del form
    staging = _staging(visit)
    staging.discard(staging.waiting(visit.now))
    return visit.to("/")


def _staging(visit: Visit) -> Staging:
    return Staging(visit.app.settings.home / "shared", visit.account_id)


def _page(visit: Visit, wrong: str | None = None) -> Response:
    waiting = _staging(visit).waiting(visit.now)
    return visit.page("share.html.j2", _WRONG if wrong else 200, waiting=waiting, wrong=wrong)
