"""Made from the routes: each asked without a token, with one for something else, and for what is another's."""

import logging
import re
from datetime import timedelta

import pytest
from sqlmodel import select

from coach.accounts.tokens import MOST, Scope, issue
from coach.errors import UsageError
from coach.store.engine import reading, writing
from coach.store.tables import Person, key
from coach.store.tokens import AccessToken
from coach.web.api import RESOURCES
from coach.web.api.document import document

PATHS = document(RESOURCES)["paths"]
OPERATIONS = [
    (method.upper(), path.removeprefix("/api/v1"), said["security"][0]["token"])
    for path, methods in PATHS.items()
    for method, said in methods.items()
]
SOMETHING = {"activity_id": "1", "version": "1", "week": "2026-W23", "sha256": "0" * 64}
OF_ONE = [each for each in OPERATIONS if "{activity_id}" in each[1] or "{sha256}" in each[1]]


def filled(path: str, **given: object) -> str:
    return re.sub(r"{(\w+)}", lambda name: str({**SOMETHING, **given}[name[1]]), path)


def test_every_operation_is_for_one_scope_but_whose_token_it_is():
    assert {path: len(scopes) for _, path, scopes in OPERATIONS if len(scopes) != 1} == {"/me": 0}
    assert {scope for _, _, scopes in OPERATIONS for scope in scopes} == set(Scope)


@pytest.mark.parametrize(("method", "path", "scopes"), OPERATIONS)
def test_without_a_token_nothing_is_told(world, asking, method, path, scopes):
    ada = world.browser(world.person("Ada"))
    for program in (asking(), ada):  # nor with a cookie
        client = program.client
        answer = client.request(method, f"/api/v1{filled(path)}", json={}, follow_redirects=False)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["type"] == "/api/v1/problems/token"


@pytest.mark.parametrize(("method", "path", "scopes"), [each for each in OPERATIONS if each[2]])
def test_a_token_is_for_its_scopes_only(asking, person, method, path, scopes):
    (scope,) = scopes
    others = [each for each in Scope if each != scope]
    problem = asking(person, *others).ask(method, filled(path), 403, json={}).json()
    assert problem["scope"] == scope
    assert scope in problem["detail"]
    right = asking(person, scope)
    given = {"json": {}} if method in {"POST", "PATCH"} else {}
    answer = right.client.request(method, f"/api/v1{filled(path)}", headers=bearing(right.token), **given)
    assert answer.status_code not in {401, 403}


def bearing(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize(("method", "path", "scopes"), OF_ONE)
def test_what_is_another_s_is_not_there(world, asking, person, walk, method, path, scopes):
    bo = world.person("Bo")
    kept = asking(bo).bring(walk(world.now - timedelta(hours=1)))["files"][0]
    theirs = filled(path, activity_id=kept["activities"][0]["id"], sha256=kept["sha256"])
    given = {"json": {"label": {"borg": 12}}} if method == "PATCH" else {}
    assert asking(person).ask(method, theirs, 404, **given).json()["type"] == "/api/v1/problems/not-found"
    asking(bo).ask(method, theirs, 200, **given)


def test_a_check_in_names_nobody_else_s_activity(world, asking, person):
    number = world.walk(world.person("Bo"))
    asking(person).ask("POST", "/check-ins", 404, json={"pain": 2, "activity_id": number})


def test_lists_are_of_one_s_own(world, asking, person, walk):
    other = asking(world.person("Bo"))
    other.bring(walk(world.now - timedelta(hours=1)))
    other.ask("POST", "/check-ins", 201, json={"pain": 4})
    mine = asking(person)
    assert mine.get("/activities") == {"activities": [], "next": None}
    assert mine.get("/check-ins") == {"check_ins": [], "next": None}
    assert all(not item["sessions"] for item in mine.get("/weeks/2026-W23")["items"])


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", "coach_x", "Bearer coach_\u00fc"])
def test_what_is_no_token(world, asking, header):
    client = asking().client
    answer = client.get("/api/v1/me", headers={"authorization": header.encode("latin-1")})
    assert answer.status_code == 401


def test_a_token_ends(world, asking, person):
    program = asking(person, days=30)
    world.now += timedelta(days=30, seconds=-1)
    program.get("/me")
    world.now += timedelta(seconds=1)
    program.get("/me", 401)


def test_a_token_goes_with_its_person(world, asking, person):
    program = asking(person)
    with writing(world.app.engine, None) as session:
        session.delete(session.get_one(Person, person.id))
    program.get("/me", 401)


def test_whose_it_is(asking, person):
    told = asking(person, Scope.UPLOAD, Scope.CHECK_IN).get("/me")
    assert (told["name"], told["scopes"], told["timezone"]) == ("Ada", ["upload", "check-in"], "Europe/Berlin")


def test_its_use_is_noted_at_most_once_an_hour(world, asking, person):
    program, begun = asking(person), world.now

    def used():
        with reading(world.app.engine) as session:
            return session.exec(select(AccessToken.used_at)).one()

    assert used() is None
    program.get("/me")
    assert used() == begun
    world.now += timedelta(minutes=59)
    program.get("/me")
    assert used() == begun
    world.now += timedelta(minutes=1)
    program.get("/me")
    assert used() == world.now


def test_a_token_is_in_no_log_and_no_database(world, asking, person, caplog, walk):
    caplog.set_level(logging.DEBUG)
    program = asking(person)
    program.bring(walk(world.now - timedelta(hours=1)))
    program.get("/activities/77", 404)
    program.get("/activities?limit=0", 422)
    assert program.token not in caplog.text
    files = [path for path in world.app.settings.home.rglob("*") if path.is_file()]
    assert not any(program.token.encode() in path.read_bytes() for path in files)


def test_nobody_asks_for_ever(world, asking, person, monkeypatch):
    from limits import parse

    from coach.accounts import limits

    monkeypatch.setattr(limits, "LIMITS", {**limits.LIMITS, "api": parse("2/minute")})
    program, other = asking(person), asking(person)
    program.get("/me")
    program.get("/me")
    answer = program.ask("GET", "/me", 429)
    assert answer.headers["retry-after"] == "60"
    other.get("/me")


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", ["read"], 90), ("x" * 81, ["read"], 90), ("x", [], 90), ("x", ["all"], 90), ("x", ["read"], 1)],
)
def test_what_a_token_is_not_made_of(world, person, name, scopes, days):
    with writing(world.app.engine, None) as session, pytest.raises(UsageError):
        issue(session, key(person), name, scopes, days, world.now)


def test_nobody_needs_that_many(world, person):
    with writing(world.app.engine, None) as session:
        for number in range(MOST):
            issue(session, key(person), f"{number}", ["read"], 30, world.now)
        with pytest.raises(UsageError):
            issue(session, key(person), "one more", ["read"], 30, world.now)
