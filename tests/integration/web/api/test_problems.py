"""Whatever is asked, the answer is one that a program can read, and tells nothing of the inside."""

import pytest
from sqlalchemy.exc import OperationalError

from coach.web.api import nudges


@pytest.mark.parametrize("path", ["/nothing", "/me/too", "/files/x/y"])
def test_there_is_no_such_address(program, path):
    assert program.get(path, 404)["type"] == "/api/v1/problems/not-found"


def test_also_beside_the_version(program):
    answer = program.client.get("/api/v2/me")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/me"), ("PUT", "/files"), ("POST", "/weeks")])
def test_what_is_not_done_there(program, method, path):
    answer = program.ask(method, path, 405)
    assert answer.headers["allow"]


def test_a_database_that_does_not_take_part(program, monkeypatch):
    def broken(*_):
        raise OperationalError("SELECT secret", {}, Exception("at /home"))

    monkeypatch.setattr(nudges.outbox, "history", broken)
    answer = program.ask("GET", "/nudges", 503)
    assert answer.headers["retry-after"]
    assert "secret" not in answer.text


def test_a_mistake_of_the_program(program, monkeypatch, caplog):
    def mistaken(*_):
        raise ZeroDivisionError("of somebody's pain")

    monkeypatch.setattr(nudges.outbox, "history", mistaken)
    answer = program.ask("GET", "/nudges", 500)
    assert "pain" not in answer.text + caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_page_of_another_site_may_ask_with_a_token_and_no_cookie_counts(program):
    answer = program.ask("POST", "/check-ins", 201, json={"pain": 1}, headers={"origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_every_answer_is_guarded(program):
    answer = program.ask("GET", "/me")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_document_and_its_page_are_for_anybody(world, words):
    browser = world.browser()
    made = browser.open("/api/v1/openapi.json").json()
    page = words(browser.open("/api/v1/docs"))
    for path in made["paths"]:
        assert path in page
    assert made["openapi"].startswith("3.1")
    german = browser.client.get("/api/v1/docs", headers={"accept-language": "de"})
    assert "Was Programme fragen können" in words(german)


def test_each_operation_declares_all_that_goes_wrong(world):
    made = world.browser().open("/api/v1/openapi.json").json()
    for path, methods in made["paths"].items():
        for said in methods.values():
            assert {"401", "403", "422", "429", "503"} <= set(said["responses"]), path
            bad = {kind for status, each in said["responses"].items() if status >= "4" for kind in each["content"]}
            assert bad == {"application/problem+json"}
