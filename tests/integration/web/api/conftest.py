"""The API as programs see it: each with a token of a person, on one database."""

from collections.abc import Callable
from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from coach.accounts.tokens import Scope, issue
from coach.demo import sessions
from coach.store.engine import writing
from coach.store.tables import Person, key
from devices.fit.write import write

PREFIX = "/api/v1"


class Program:
    """Something that asks with a token."""

    def __init__(self, world, token: str | None) -> None:
        self.client = TestClient(world.web, base_url="http://testserver")
        self.token = token

    def ask(self, method: str, path: str, status: int = 200, **given) -> Response:
        headers = {**({"authorization": f"Bearer {self.token}"} if self.token else {}), **given.pop("headers", {})}
        answer = self.client.request(method, f"{PREFIX}{path}", headers=headers, follow_redirects=False, **given)
        assert answer.status_code == status, (answer.status_code, answer.text)
        if status >= 400:
            problem = answer.json()
            assert answer.headers["content-type"] == "application/problem+json"
            assert problem["status"] == status
            assert problem["type"].startswith(f"{PREFIX}/problems/")
            assert problem["title"]
            assert problem["detail"]
        return answer

    def get(self, path: str, status: int = 200, **given):
        return self.ask("GET", path, status, **given).json()

    def bring(self, data: bytes, name: str = "walk.fit", status: int = 201):
        raw = {"content-type": "application/octet-stream"}
        return self.ask("POST", "/files", status, params={"name": name}, content=data, headers=raw).json()


Asking = Callable[..., Program]


@pytest.fixture
def asking(world) -> Asking:
    """`asking(person, *scopes)`: with a token for these scopes, or for all; without a person, with none."""

    def made(person: Person | None = None, *scopes: str, days: int = 90) -> Program:
        if person is None:
            return Program(world, None)
        with writing(world.app.engine, None) as session:
            token = issue(session, key(person), "a program", scopes or tuple(Scope), days, world.now).token
        return Program(world, token)

    return made


@pytest.fixture
def person(world) -> Person:
    return world.person("Ada")


@pytest.fixture
def program(asking, person) -> Program:
    """Of Ada, and it may do everything."""
    return asking(person)


@pytest.fixture
def walk() -> Callable[[datetime, int], bytes]:
    """`walk(began, minutes)`: the file of a watch."""
    return lambda began, minutes=12: write(sessions.walk(began, minutes))
