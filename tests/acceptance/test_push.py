"""`coach sync --to`, `coach tokens`: from the edge to a server, as a person types it."""

import json

import pytest
from fastapi.testclient import TestClient

from coach.app import open_app
from coach.pushing import pushing
from coach.pushing.server import Server
from coach.web.pages import site


@pytest.fixture
def token(coach, ada) -> str:
    said = coach("tokens", "add", "the gateway", "--scope", "upload", "--days", "30")
    assert "shown this once" in said.err
    return said.out.strip()


@pytest.fixture
def server(monkeypatch, token, home, tmp_path):
    """The site of Ada's coach; the commands have another home from now on, with nobody in it."""
    app = open_app()
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "edge"))
    monkeypatch.setenv("COACH_SERVER_TOKEN", token)
    opened = pushing.open_server

    def there(url, token, **given):
        opened(url, token, **given).client.close()
        headers = {"authorization": f"Bearer {token}"}
        return Server(TestClient(site(app, None), base_url=url, headers=headers))

    monkeypatch.setattr(pushing, "open_server", there)
    return app


def test_a_folder_goes_there_once(coach, server, watch, tmp_path):
    said = coach("sync", "--to", "https://coach.example.org", "--from", watch, "--json")
    assert {line["outcome"] for line in said.lines} == {"stored"}
    again = coach("sync", "--to", "https://coach.example.org", "--from", watch)
    assert "4 files: 4 duplicate." in again.out
    assert not (tmp_path / "edge" / "coach.db").exists(), "the edge needs no database"


def test_what_is_refused_fails_once(coach, server, watch):
    (watch / "odd.fit").write_text("Dear diary")
    said = coach("sync", "--to", "https://coach.example.org", "--from", watch, code=1)
    assert "not a FIT file" in said.out
    assert "Dear" not in coach("sync", "--to", "https://coach.example.org", "--from", watch).out


def test_the_settings_name_a_server(coach, server, watch, monkeypatch):
    monkeypatch.setenv("COACH_SERVER_URL", "https://coach.example.org")
    assert "4 stored" in coach("sync", "--from", watch).out


def test_what_stands_in_the_way_is_told(coach, ada, watch, monkeypatch):
    assert "COACH_SERVER_URL" in coach("sync", "--from", watch, code=2).err
    assert "COACH_SERVER_TOKEN" in coach("sync", "--to", "https://x.example", "--from", watch, code=2).err
    monkeypatch.setenv("COACH_SERVER_TOKEN", "coach_x")
    assert "http://" in coach("sync", "--to", "http://x.example", "--from", watch, code=2).err
    assert "--person" in coach("sync", "--to", "https://x.example", "--person", "Ada", code=2).err


def test_a_token_that_is_removed_lets_nothing_in(coach, server, watch, home, monkeypatch, tmp_path):
    monkeypatch.setenv("COACH_HOME", str(home))
    (listed,) = coach("tokens", "--json").json
    assert (listed["name"], listed["scopes"], listed["used_at"]) == ("the gateway", ["upload"], None)
    assert "gateway" in coach("tokens").out
    coach("tokens", "remove", listed["id"])
    coach("tokens", "remove", listed["id"], code=1)
    assert "tokens add" in coach("tokens").out
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "edge"))
    said = coach("sync", "--to", "https://coach.example.org", "--from", watch, code=1)
    assert "4 files wait" in said.err


def test_a_token_as_json(coach, ada):
    made = coach("tokens", "add", "a script", "--scope", "read", "--scope", "check-in", "--json").json
    assert made["token"].startswith("coach_")
    assert json.dumps(coach("tokens", "--json").json).count(made["token"]) == 0
    coach("tokens", "add", "x", "--scope", "everything", code=2)
    coach("tokens", "add", "x", "--scope", "read", "--days", "31", code=2)
