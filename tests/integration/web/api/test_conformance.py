"""The API against its own document: no answer is outside it, and none is a mistake of the program."""

from datetime import UTC, datetime, timedelta

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi import checks
from starlette import types

from coach.accounts.limits import Limits
from coach.accounts.tokens import Scope, issue
from coach.app import App
from coach.demo import sessions
from coach.ingest.taking import ingest
from coach.plan import Diagnosis
from coach.plan.library import condition, example_plan
from coach.store import people
from coach.store.engine import open_database, writing
from coach.store.tables import Person, key
from coach.web.api import RESOURCES
from coach.web.api.document import document
from coach.web.pages import site
from config.settings import Settings
from devices.fit.sources import Source
from devices.fit.write import write

NOW = datetime(2026, 6, 4, 15, tzinfo=UTC)

# What an operation is asked; `make release` asks for thousands.
FEW, MANY = 25, 300

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
    checks.ignored_auth,
    checks.negative_data_rejection,
    checks.missing_required_header,
]


class Unlimited(Limits):
    """Nobody is told that it is too often."""

    def count(self, kind: str, whom: str, many: int = 1) -> None:
        pass


@pytest.fixture(scope="module")
def bearing(tmp_path_factory):
    """The header of a program of Ada, who has a plan and a walk."""
    known = Settings(home=tmp_path_factory.mktemp("home"), public_url=None, smtp_url=None, database_url=None)
    engine = open_database(known.database)
    app = App(known, engine, lambda: NOW)
    with writing(engine, None) as session:
        session.expire_on_commit = False
        person = Person(name="Ada", timezone="Europe/Berlin", created_at=NOW - timedelta(days=30))
        session.add(person)
        session.flush()
        diagnosis = Diagnosis(made_by="Dr Bo", made_on=NOW.date() - timedelta(days=30))
        plan = example_plan(
            condition("disc_herniation"), starts_on=NOW.date() - timedelta(days=10), diagnosis=diagnosis
        )
        people.add_plan(session, key(person), plan, NOW - timedelta(days=10))
        token = issue(session, key(person), "schemathesis", tuple(Scope), 30, NOW).token
    recording = write(sessions.walk(NOW - timedelta(hours=1), 12))
    assert list(ingest(engine, person, [Source("walk", lambda: recording)], lambda: NOW))
    web = site(app, None)
    object.__setattr__(web.state.site, "limits", Unlimited())
    STAGE.web = web
    yield {"Authorization": f"Bearer {token}"}
    engine.dispose()


class Stage:
    """The application before there is one: operations are known when tests are collected."""

    web: types.ASGIApp

    async def __call__(self, scope: types.Scope, receive: types.Receive, send: types.Send) -> None:
        await self.web(scope, receive, send)


STAGE = Stage()
schema = schemathesis.openapi.from_dict(document(RESOURCES))
schema.app = STAGE


@schema.parametrize()
@settings(max_examples=FEW, deadline=None, derandomize=True)
def test_no_answer_is_outside_the_document(case, bearing):
    case.call_and_validate(checks=CHECKS, headers=bearing)


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=MANY, deadline=None)
def test_nor_is_any_of_thousands(case, bearing):
    case.call_and_validate(checks=CHECKS, headers=bearing)
