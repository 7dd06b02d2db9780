"""Whether a process without pages is well, and its figures."""

from fastapi import FastAPI

from coach.app import App
from coach.web import health


def probes(app: App) -> FastAPI:
    """`/healthz`, `/readyz` and `/metrics`, which whoever names a port for them asks for."""
    web = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    web.state.app = App(app.settings.model_copy(update={"metrics": True}), app.engine, app.clock)
    web.include_router(health.router)
    return web
