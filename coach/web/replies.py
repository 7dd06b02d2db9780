"""The pages behind a message's links. A GET shows, and changes nothing: mail scanners open every link. A POST acts."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from coach.app import App
from coach.replies.answering import Page, answer, show
from coach.replies.links import PATH, Links
from coach.web.rendering import rendered
from coach.web.words import asked_for


def router(app: App, links: Links) -> APIRouter:
    made = APIRouter()

    # Plain functions, so that the database is waited for off the event loop.
    @made.get(PATH + "{token}")
    def opened(request: Request, token: str) -> Response:
        return _rendered(show(app, links, token, None, asked_for(request)), links, token)

    @made.get(PATH + "{token}/{choice}")
    def opened_at(request: Request, token: str, choice: str) -> Response:
        return _rendered(show(app, links, token, choice, asked_for(request)), links, token)

    @made.post(PATH + "{token}")
    async def answered(request: Request, token: str) -> Response:
        form = await request.form()
        values = {name: [each for each in form.getlist(name) if isinstance(each, str)] for name in form}
        page = await run_in_threadpool(answer, app, links, token, values, asked_for(request))
        return _rendered(page, links, token)

    return made


def _rendered(page: Page, links: Links, token: str) -> Response:
    action = f"{links.root}{PATH}{token}"
    words = page.words
    return rendered(
        "reply.html.j2", page.status, page=page, say=words.text, language=words.language, root=links.root, action=action
    )
