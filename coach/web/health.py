"""Whether it lives, whether it can do its work, and its figures: for those who keep it running."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from coach import metrics
from coach.app import App
from coach.store.engine import HEAD, schema_version
from coach.web import problems

router = APIRouter()


@router.get("/healthz")
def healthz() -> PlainTextResponse:
    """It answers: the process need not be started anew."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def readyz(request: Request) -> Response:
    """It can do its work: the database answers, and its schema is ours."""
    try:
        version = schema_version(_app(request).engine)
    except SQLAlchemyError:
        return problems.told(problems.NOT_READY, "The database does not answer.")
    if version != HEAD:
        return problems.told(
            problems.NOT_READY,
            f"The database is at version {version or 'none'}, and this program at {HEAD}. Start it anew.",
        )
    return PlainTextResponse("ok")


@router.get("/metrics")
def figures(request: Request) -> Response:
    """Only where they are asked for."""
    app = _app(request)
    if not app.settings.metrics:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Response(metrics.exposition(app), headers={"Content-Type": metrics.MEDIA})


def _app(request: Request) -> App:
    app: App = request.app.state.app
    return app
