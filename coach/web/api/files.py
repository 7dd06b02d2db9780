"""Recordings come in: each content once, however often it is sent."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, BinaryIO, Final, cast

from fastapi import Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from typing_extensions import TypedDict

from coach import shapes
from coach.errors import NotFoundError, UsageError
from coach.ingest.files import Outcome
from coach.shapes.types import Activity, Ingested
from coach.store import activities
from coach.store.tables import key
from coach.uploads import Upload, take
from coach.web.api.routing import Uploader, resource
from coach.web.problems import MediaError, RefusedError, answers

router: Final = resource("files")

_MOST_FILES: Final = 1_000
_FORM: Final = "multipart/form-data"
_RAW: Final = "application/octet-stream"
_NEW: Final = frozenset({Outcome.STORED, Outcome.PARTIAL})

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": f"One file as `{_RAW}`, its name in `name`; or several as the parts of a `{_FORM}`.",
        "content": {
            _RAW: {"schema": {"type": "string", "format": "binary"}},
            _FORM: {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                    "required": ["file"],
                }
            },
        },
    }
}


class Brought(TypedDict):
    files: list[Ingested]


class Known(TypedDict):
    sha256: str
    activities: list[Activity]


@router.post(
    "/files",
    status_code=201,
    responses={200: {"model": Brought, "description": "All of it was there already."}, **answers(400, 413, 415)},
    openapi_extra=_BODY,
)
async def bring(
    request: Request,
    response: Response,
    caller: Uploader,
    name: Annotated[str, Query(max_length=255, description="Of a file that comes as it is: `walk.fit.gz`.")] = "",
) -> Brought:
    """Take FIT files in, also as `.fit.gz` and `.zip`.

    201: something is new; 200: nothing is; 422: none could be taken. The same content is kept once, and answers with
    the same activities each time.
    """
    async with _received(request, name) as uploads:
        results = await run_in_threadpool(lambda: list(take(caller.app, caller.me, uploads)))
    files = [shapes.ingested(each) for each in results]
    outcomes = {each.outcome for each in results}
    if outcomes == {Outcome.REFUSED}:
        raise RefusedError(files)
    response.status_code = 201 if outcomes & _NEW else 200
    return {"files": files}


@router.get("/files/{sha256}", responses=answers(404))
def known(
    caller: Uploader,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="Of the FIT file, unpacked.")],
) -> Known:
    """Whether a content is there, before it is sent; with the activities that came of it."""
    with caller.reading() as session:
        original = activities.known(session, key(caller.me), sha256)
        if original is None:
            raise NotFoundError("No file of that content is there.")
        found = activities.of_original(session, original)
        return {"sha256": sha256, "activities": [shapes.activity(each) for each in found]}


@asynccontextmanager
async def _received(request: Request, name: str) -> AsyncIterator[Sequence[Upload]]:
    """What was sent, on the disk while it is looked at.

    Raises:
        UsageError: there is no file in it.
        MediaError: it is neither a file nor a form.
    """
    kind = request.headers.get("content-type", _RAW).partition(";")[0].strip().lower()
    if kind == _FORM:
        async with request.form(max_files=_MOST_FILES) as form:
            parts = [each for _, each in form.multi_items() if isinstance(each, UploadFile)]
            if not parts:
                raise UsageError("There is no file in that form.")
            yield [Upload(each.filename or "?", each.file) for each in parts]
    elif kind == _RAW:
        with tempfile.TemporaryFile() as file:
            async for piece in request.stream():
                file.write(piece)
            if not file.tell():
                raise UsageError("There is nothing in that file.")
            file.seek(0)
            yield [Upload(name or "a file", cast("BinaryIO", file))]
    else:
        raise MediaError(f"A file comes as `{_RAW}`, or as a part of `{_FORM}`.")
