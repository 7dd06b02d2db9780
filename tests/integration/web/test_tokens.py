"""The page of tokens: one is made, shown once, and removed; nobody else's is touched."""

import re

import pytest
from sqlmodel import select

from coach.store.accounts import FormSent
from coach.store.engine import reading
from coach.store.tokens import AccessToken

PATH = "/account/tokens"


def rows(world) -> list[AccessToken]:
    with reading(world.app.engine) as session:
        session.expire_on_commit = False
        return list(session.exec(select(AccessToken)))


def made(browser, **fields) -> str:
    page = browser.send(PATH, **{"name": "my <b>watch</b>", "scope": ["upload", "read"], "days": "30", **fields})
    return re.search(r"coach_[\w-]+", page.text)[0]


def test_a_token_is_shown_once_and_lets_in(world, ada, words):
    token = made(ada)
    asked = world.browser().client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
    assert (asked.json()["name"], asked.json()["scopes"]) == ("Ada", ["read", "upload"])
    page = ada.open(PATH)
    assert token not in page.text
    assert "my &lt;b&gt;watch&lt;/b&gt;" in page.text
    assert "bring recordings" in words(page)
    assert "Last used" in words(page)
    with reading(world.app.engine) as session:
        assert token not in str(session.exec(select(FormSent)).all())


def test_sent_twice_it_is_one(world, ada, words):
    page = ada.open(PATH)
    once, csrf = (re.search(rf'name="{name}" value="([^"]+)"', page.text)[1] for name in ("once", "csrf"))
    fields = {"once": once, "csrf": csrf, "name": "watch", "scope": "read", "days": "30"}
    ada.post(PATH, **fields)
    assert "was made" in words(ada.post(PATH, **fields))
    assert len(rows(world)) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "Give it a name"),
        ({"name": "x" * 81}, "Give it a name"),
        ({"scope": []}, "Tick at least one"),
        ({"scope": ["read", "everything"]}, "Tick at least one"),
        ({"days": "31"}, "how long"),
        ({"days": "9" * 5000}, "how long"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(world, ada, words, fields, sentence):
    given = {"name": "<script>", "scope": ["label"], "days": "365", **fields}
    page = ada.send(PATH, status=422, **given)
    assert sentence in words(page)
    assert "<script>" not in page.text
    if "name" not in fields:
        assert 'value="&lt;script&gt;"' in page.text
    if "scope" not in fields:
        assert re.search(r'value="label" checked', page.text)
    assert rows(world) == []


def test_one_is_removed(world, ada, words):
    token = made(ada, name="watch")
    (row,) = rows(world)
    assert "is removed" in words(ada.send(f"{PATH}/{row.id}/remove", at=PATH))
    asked = world.browser().client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
    assert asked.status_code == 401


def test_another_s_is_not_there(world, ada, bo):
    made(ada)
    (row,) = rows(world)
    assert "watch" not in bo.open(PATH).text
    page = bo.open(PATH)
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    bo.post(f"{PATH}/{row.id}/remove", status=404, csrf=csrf, once="once")
    bo.post(f"{PATH}/{2**31}/remove", status=404, csrf=csrf, once="twice")
    assert len(rows(world)) == 1


def test_the_account_leads_there(ada):
    assert f'href="{PATH}"' in ada.open("/account").text


def test_in_german(world, words):
    page = world.browser(world.person("Ada", language="de")).open(PATH)
    assert "Schlüssel machen" in words(page)
