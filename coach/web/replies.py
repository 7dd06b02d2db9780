"""The pages behind a message's links. A GET shows, and changes nothing: mail scanners open every link. A POST acts."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from coach.app import App
from coach.replies.answering import Page, answer, show
from coach.replies.links import PATH, Links
from config.messages.catalogue import languages

_TEMPLATES: Final = Path(__file__).parent / "templates"


def router(app: App, links: Links) -> APIRouter:
    made = APIRouter()

    # Plain functions, so that the database is waited for off the event loop.
    @made.get(PATH + "{token}")
    def opened(request: Request, token: str) -> Response:
        return _rendered(show(app, links, token, None, _language(request)), links, token)

    @made.get(PATH + "{token}/{choice}")
    def opened_at(request: Request, token: str, choice: str) -> Response:
        return _rendered(show(app, links, token, choice, _language(request)), links, token)

    @made.post(PATH + "{token}")
    async def answered(request: Request, token: str) -> Response:
        form = await request.form()
        values = {name: [each for each in form.getlist(name) if isinstance(each, str)] for name in form}
        page = await run_in_threadpool(answer, app, links, token, values, _language(request))
        return _rendered(page, links, token)

    return made


def _rendered(page: Page, links: Links, token: str) -> Response:
    template = _templates().get_template("reply.html.j2")
    html = template.render(page=page, say=page.words.text, root=links.root, action=f"{links.root}{PATH}{token}")
    return HTMLResponse(html, status_code=page.status)


def _language(request: Request) -> str:
    """The first that the browser asks for and we have; for those of whom nothing else is known."""
    asked = (each.strip()[:2].lower() for each in request.headers.get("accept-language", "").split(","))
    return next((each for each in asked if each in languages()), "en")


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
