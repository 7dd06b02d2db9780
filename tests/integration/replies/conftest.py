"""A person with a plan, a session of theirs, links, and the pages that those lead to."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from coach.app import App
from coach.demo import sessions
from coach.ingest.taking import ingest
from coach.plan import Diagnosis
from coach.plan.library import condition, example_plan
from coach.replies import Link
from coach.replies.links import Links, open_links
from coach.store import begun, check_ins, people
from coach.store.engine import open_database, reading, writing
from coach.store.tables import Person
from coach.web.pages import pages
from config.settings import Settings
from devices.fit.sources import Source
from devices.fit.write import write

THURSDAY = datetime(2026, 6, 4, 15, tzinfo=UTC)
"""17:00 in Berlin."""


class World:
    """Its clock is moved by hand. `page` opens a link as a browser does, `press` its one button."""

    def __init__(self, app: App, person: Person, links: Links) -> None:
        self.engine, self.person, self.links = app.engine, person, links
        self.now = THURSDAY
        self.app = replace(app, clock=lambda: self.now)
        self.web = TestClient(pages(self.app, links), base_url="http://testserver")

    def url(self, kind: str, subject: str, *, of: Person | None = None, **lasts) -> str:
        until = self.now + timedelta(**(lasts or {"hours": 6}))
        return self.links.url(Link((of or self.person).id, kind, subject, until)).removeprefix("https://coach.example")

    @staticmethod
    def words(page) -> str:
        """What is read on it."""
        return " ".join(re.sub(r"<[^>]+>", " ", page.text.partition("<main>")[2]).split())

    @staticmethod
    def form(page) -> "Form":
        form = Form()
        form.feed(page.text)
        return form

    def page(self, url: str, **headers):
        return self.web.get(url, headers=headers)

    def press(self, url: str, **values):
        """What a browser sends: what is marked on the page, and what is tapped beside."""
        form = self.form(self.page(url))
        return self.web.post(form.action or url, data={**form.marked, **values})

    def check_ins(self):
        with reading(self.engine) as session:
            return check_ins.of(session, self.person.id)

    def walk(self, minutes: int, ended: datetime) -> int:
        """Its number."""
        recording = sessions.walk(ended - timedelta(minutes=minutes), minutes)
        list(ingest(self.engine, self.person, [Source("walk", lambda: write(recording))], lambda: self.now))
        with reading(self.engine) as session:
            return begun.between(session, self.person.id, ended - timedelta(days=1), ended, UTC)[-1].activity_ids[0]


class Form(HTMLParser):
    """The form of a page: where it goes, and what is marked."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.marked: dict[str, str] = {}
        self.buttons = 0

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self.action = told["action"]
        elif tag == "button":
            self.buttons += 1
        elif tag == "input" and ("checked" in told or told["type"] == "number"):
            self.marked[told["name"]] = told.get("value") or ""


@pytest.fixture
def world(tmp_path, database_url, monkeypatch) -> Iterator[World]:
    monkeypatch.delenv("COACH_HOME", raising=False)
    settings = Settings(home=tmp_path, public_url="https://coach.example", smtp_url=None, database_url=database_url)
    engine = open_database(settings.database)
    with writing(engine, None) as session:
        session.expire_on_commit = False
        person = Person(name="Ada", timezone="Europe/Berlin", created_at=THURSDAY - timedelta(days=30))
        session.add(person)
        session.flush()
        plan = example_plan(
            condition("disc_herniation"),
            starts_on=date(2026, 6, 1),
            diagnosis=Diagnosis(made_by="Dr Bo", made_on=date(2026, 5, 1)),
        )
        people.add_plan(session, person.id, plan, person.created_at)
    links = open_links(settings)
    assert links is not None
    made = World(App(settings, engine, lambda: THURSDAY), person, links)
    with made.web:
        yield made
    engine.dispose()
