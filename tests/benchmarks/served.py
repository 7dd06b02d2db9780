"""The server of `serving.py`: all pages, and some beside them that only measure. And a life of years to serve."""

import asyncio
import gc
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from coach import judged
from coach.app import App, open_app
from coach.demo import sessions
from coach.ingest.taking import ingest
from coach.plan import Diagnosis
from coach.plan.library import condition, example_plan
from coach.safety.model import CheckIn, Phase
from coach.store import check_ins, people
from coach.store.engine import kept_open, writing
from coach.store.tables import Person, key
from coach.web import pages, week
from coach.web.serving import serving
from coach.web.visit import Own
from coach.weeks import IsoWeek
from devices.fit.sources import Source
from devices.fit.write import write
from devices.recording import Recording

_SESSIONS_A_WEEK = 6


def serve(port: int) -> None:
    gc.set_threshold(100_000)  # as the program does
    app = open_app(lasting=True)
    router = APIRouter()
    known: dict[str, Any] = {}

    @router.get("/-/cpu")
    def cpu() -> Response:
        """Of all threads."""
        return PlainTextResponse(str(time.process_time()))

    @router.get("/-/bare")
    def bare(visit: Own) -> Response:
        """The week's template with the week's values, which it does not work out."""
        if not known:
            known["view"], known["standing"] = week._this_week(visit, IsoWeek.of(visit.now.date()))
        return visit.page("week.html.j2", is_live=False, **known)

    @router.get("/-/anew")
    def anew(visit: Own) -> Response:
        """The week as after every change: nothing of it is remembered."""
        view, standing = week._this_week(visit, IsoWeek.of(visit.now.date()))
        return visit.page("week.html.j2", view=view, standing=standing, is_live=False)

    @router.get("/-/standing")
    def standing(visit: Own) -> Response:
        """Where they stand, judged anew: what CPU time that takes."""
        begun = time.thread_time()
        with visit.reading() as session:
            judged.standing(session, visit.me, visit.now)
        return PlainTextResponse(str(time.thread_time() - begun))

    web = pages.site(app, None)
    web.include_router(router)

    async def until_told() -> None:
        async with serving(web, f"127.0.0.1:{port}", asyncio.Event(), web.state.site):
            await asyncio.to_thread(sys.stdin.read)

    asyncio.run(until_told())


def lived(app: App, years: int) -> Person:
    """Ada, with sessions and four answers for each."""
    now = app.clock()
    monday = IsoWeek.of(now.date()).monday - timedelta(weeks=52 * years)
    with writing(app.engine, None) as session:
        session.expire_on_commit = False
        person = Person(name="Ada", timezone="Etc/UTC", birth_year=1970, created_at=now)
        session.add(person)
        session.flush()
        for version in range(years * 4):
            plan = example_plan(
                condition("disc_herniation"),
                starts_on=monday + timedelta(weeks=13 * version),
                diagnosis=Diagnosis(made_by="Dr Bo", made_on=monday),
                step=1 + version % 3,
            )
            people.add_plan(session, key(person), plan, datetime.combine(plan.starts_on, datetime.min.time(), UTC))
    kinds = [sessions.walk(now, 12), sessions.swim(now, 12), sessions.ride(now, 10)]
    days = [
        monday + timedelta(weeks=week, days=day) for week in range(52 * years + 1) for day in range(_SESSIONS_A_WEEK)
    ]
    begins = [datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9) for day in days]
    past = [at for at in begins if at < now - timedelta(hours=1)]
    sources = [_source(replace(kinds[number % 3], start=at)) for number, at in enumerate(past)]
    with kept_open(app.engine):
        for _ in ingest(app.engine, person, sources, app.clock):
            pass
        with writing(app.engine, None) as session:
            for at in past:
                for minutes, phase in ((-5, Phase.PRE), (15, Phase.PEAK), (25, Phase.POST), (1380, Phase.MORNING)):
                    said = CheckIn(min(at + timedelta(minutes=minutes), now), phase, 2)
                    check_ins.add(session, key(person), said, now)
    return person


def _source(recording: Recording) -> Source:
    return Source("session", lambda: write(recording))


if __name__ == "__main__":
    serve(int(sys.argv[1]))
