"""The pages as one application. A group of pages is a module beside this one, and an entry here."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from coach.app import App
from coach.replies.links import Links
from coach.web import (
    account,
    accounts,
    care,
    caseload,
    channels,
    check_in,
    clinicians,
    diagnosis,
    digest,
    faults,
    health,
    history,
    installing,
    leaving,
    live,
    log,
    messages,
    notes,
    people,
    people_edit,
    people_lock,
    people_plan,
    plan,
    replies,
    rules,
    say,
    security,
    session_forms,
    sessions,
    share,
    signing_in,
    tokens,
    upload,
    week,
    welcome,
)
from coach.web.api import ROUTERS
from coach.web.guard import Guard
from coach.web.rendering import FOLDER
from coach.web.visit import Site

_GROUPS: Final[tuple[APIRouter, ...]] = (
    signing_in.router,
    week.router,
    sessions.router,
    session_forms.router,
    history.router,
    say.router,
    check_in.router,
    log.router,
    upload.router,
    share.router,
    welcome.router,
    plan.router,
    diagnosis.router,
    people_plan.router,
    people_edit.router,
    people_lock.router,
    notes.router,
    messages.router,
    rules.router,
    channels.router,
    account.router,
    security.router,
    leaving.router,
    live.router,
    installing.router,
    tokens.router,
    clinicians.router,
    care.router,
    caseload.router,
    digest.router,
    people.router,
    accounts.router,
    *ROUTERS,
)


def pages(app: App, links: Links) -> FastAPI:
    """What the links of messages lead to, and nothing else: where `coach run` has a public address."""
    web = _bare()
    web.state.app = app
    web.include_router(replies.router(app, links))
    return web


def site(app: App, links: Links | None) -> FastAPI:
    """All pages: what `coach serve` serves."""
    web = _bare() if links is None else pages(app, links)
    web.state.app = app
    public = urlsplit(app.settings.public_url or "")
    web.state.site = Site(app, links, public.path, is_secure=public.scheme == "https")
    faults.install(web)
    for group in _GROUPS:
        web.include_router(group)
    return web


def _bare() -> FastAPI:
    web = FastAPI(title="Your coach", docs_url=None, redoc_url=None, openapi_url=None)
    web.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    web.include_router(health.router)
    web.add_middleware(Guard)
    return web
