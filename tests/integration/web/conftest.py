"""The site as browsers see it: people with accounts, each with a browser of their own, on one database."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import select

from coach.accounts import passwords
from coach.accounts.entrance import Role
from coach.app import App
from coach.demo import sessions
from coach.ingest.taking import ingest
from coach.plan import Diagnosis
from coach.plan.library import condition, example_plan
from coach.store import access, people
from coach.store.accounts import Account
from coach.store.care import Care
from coach.store.engine import open_database, reading, writing
from coach.store.tables import Activity, Person, key
from coach.web.pages import site as whole_site
from config.settings import Settings
from devices.fit.sources import Source
from devices.fit.write import write

NOW = datetime(2026, 6, 4, 15, tzinfo=UTC)
"""A Thursday, 17:00 in Berlin."""

PASSWORD = "three quiet words"


class Forms(HTMLParser):
    """The forms of a page: by where they go, each with its fields as they stand."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._fields: dict[str, str] = {}
        self._select: str | None = None
        self._area: str | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self._fields = self.forms.setdefault(told["action"], {})
        elif tag == "input" and "name" in told:
            if told.get("type") not in {"radio", "checkbox", "file"} or "checked" in told:
                self._fields[told["name"]] = told.get("value") or ""
        elif tag == "select":
            self._select = told["name"]
        elif tag == "option" and self._select and ("selected" in told or self._select not in self._fields):
            self._fields[self._select] = told.get("value") or ""
        elif tag == "textarea":
            self._area = told["name"]
            self._fields[self._area] = ""

    def handle_endtag(self, tag):
        self._select = None if tag == "select" else self._select
        self._area = None if tag == "textarea" else self._area

    def handle_data(self, data):
        if self._area:
            self._fields[self._area] += data


def words(page: Response) -> str:
    """What is read on it."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2].partition(">")[2]).split())


class Browser:
    """Somebody's browser. It follows where it is led, as browsers do."""

    def __init__(self, web: FastAPI, person: Person | None = None) -> None:
        self.client = TestClient(web, base_url="http://testserver")
        self.person = person

    def open(self, path: str, status: int = 200) -> Response:
        page = self.client.get(path)
        assert page.status_code == status, (page.status_code, words(page))
        return page

    def send(self, path: str, *, at: str | None = None, status: int = 200, **fields: object) -> Response:
        """Fill in the form that goes to `path`, which stands on the page `at` (by default on its own), and send it."""
        return self.post(path, status=status, **{**self.form(path, at=at), **fields})

    def form(self, path: str, *, at: str | None = None) -> dict[str, str]:
        """The fields of the form that goes to `path`, as they stand."""
        return Forms(self.open(at or path).text).forms[path]

    def post(self, path: str, *, status: int = 200, files=None, **fields: object) -> Response:
        page = self.client.post(path, data=fields, files=files)
        assert page.status_code == status, (page.status_code, words(page))
        return page

    def sign_in(self, email: str, password: str = PASSWORD) -> Response:
        return self.send("/sign-in", email=email, password=password)


@dataclass
class World:
    """The clock is moved by hand."""

    web: FastAPI
    app: App
    now: datetime = NOW

    def person(self, name: str, **fields: object) -> Person:
        """With a plan since Monday, and an account `name@example.org`."""
        with writing(self.app.engine, None) as session:
            session.expire_on_commit = False
            person = Person(
                **{"name": name, "timezone": "Europe/Berlin", "created_at": NOW - timedelta(days=30), **fields}
            )
            session.add(person)
            session.flush()
            plan = example_plan(
                condition("disc_herniation"),
                starts_on=date(2026, 6, 1),
                diagnosis=Diagnosis(made_by="Dr Bo", made_on=date(2026, 5, 1)),
            )
            people.add_plan(session, key(person), plan, person.created_at)
            account = Account(
                email=f"{name.lower()}@example.org",
                password_hash=_password_hash(),
                person_id=key(person),
                created_at=person.created_at,
            )
            session.add(account)
        return person

    def clinician(self, name: str, *persons: Person) -> "Browser":
        """The browser of a clinician without a plan of their own, who looks after these."""
        with writing(self.app.engine, None) as session:
            account = Account(
                email=f"{name.lower()}@example.org",
                name=f"Dr {name}",
                password_hash=_password_hash(),
                role=Role.CLINICIAN,
                created_at=self.now,
            )
            session.add(account)
            session.flush()
            session.add_all(Care(person_id=key(each), account_id=key(account), since=self.now) for each in persons)
        browser = Browser(self.web)
        browser.sign_in(f"{name.lower()}@example.org")
        return browser

    def looks(self, person: Person) -> list[str]:
        """What the person's access log tells of others, the latest first; without lists, in which who signs in
        lands.
        """
        with reading(self.app.engine) as session:
            found = access.looks(session, key(person), limit=100)
            return [each.what for each in found if each.who and each.what != "caseload"]

    def walk(self, person: Person, minutes: int = 12, ended: datetime | None = None) -> int:
        """A recorded walk, as an import brings it; gives its number."""
        began = (ended or self.now) - timedelta(minutes=minutes)
        recording = sessions.walk(began, minutes)
        (kept,) = ingest(self.app.engine, person, [Source("walk", lambda: write(recording))], lambda: self.now)
        return key(kept.activities[0].activity)

    def activities(self, person: Person) -> list[Activity]:
        with reading(self.app.engine) as session:
            session.expire_on_commit = False
            return list(session.exec(select(Activity).where(Activity.person_id == person.id)))

    def browser(self, person: Person | None = None) -> Browser:
        """One that is signed in as the person; without, as nobody."""
        browser = Browser(self.web, person)
        if person is not None:
            browser.sign_in(f"{person.name.lower()}@example.org")
        return browser


@pytest.fixture(autouse=True, scope="session")
def _passwords_hashed_fast() -> Iterator[None]:
    """As much work as the algorithm allows to leave out: half of the time of these tests went into it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hashes", cache(lambda: PasswordHash((Argon2Hasher(1, 8, 1),))))
        yield


_HASHED: list[str] = []


def _password_hash() -> str:
    """Once: it takes long by design."""
    if not _HASHED:
        _HASHED.append(passwords.hashed(PASSWORD))
    return _HASHED[0]


@pytest.fixture
def world(tmp_path, database_url, monkeypatch) -> Iterator[World]:
    monkeypatch.delenv("COACH_HOME", raising=False)
    settings = Settings(home=tmp_path, public_url=None, smtp_url=None, database_url=database_url)
    engine = open_database(settings.database)
    made: list[World] = []
    app = App(settings, engine, lambda: made[0].now)
    made.append(World(whole_site(app, None), app))
    yield made[0]
    engine.dispose()


@pytest.fixture
def ada(world: World) -> Browser:
    return world.browser(world.person("Ada"))


@pytest.fixture
def bo(world: World) -> Browser:
    """Somebody else."""
    return world.browser(world.person("Bo"))


@pytest.fixture
def cy(world: World, ada: Browser) -> Browser:
    """A clinician who looks after Ada."""
    return world.clinician("Cy", ada.person)


@pytest.fixture(name="words")
def said() -> Callable[[Response], str]:
    return words
