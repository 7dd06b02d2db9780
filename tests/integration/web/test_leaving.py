"""Everything is taken along, and everything is erased."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

from sqlalchemy import select
from sqlmodel import SQLModel

from coach.accounts.invitations import first
from coach.demo import sessions
from coach.store import preferences
from coach.store.belonging import theirs
from coach.store.engine import reading, writing
from coach.store.tables import key
from devices.fit.write import write

PASSWORD = "three quiet words"


def exported(browser) -> ZipFile:
    answer = browser.client.get("/account/export/coach.zip")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="coach-2026-06-04.zip"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    return ZipFile(BytesIO(answer.content))


def test_what_is_taken_along_is_all_of_mine_and_nothing_of_anothers(world, ada, bo):
    world.walk(ada.person, 12)
    world.walk(bo.person, 33)
    with writing(world.app.engine, None) as session:
        preferences.turn_off(session, key(ada.person), "R4")
    ada.send("/messages/channels", url="ntfy://ntfy.sh/quiet-topic-1", name="Phone")
    packed = exported(ada)
    assert packed.testzip() is None
    record, account = (json.loads(packed.read(name)) for name in ("record.json", "account.json"))
    assert record["person"]["name"] == "Ada"
    assert [each["sha256"] for each in record["activities"]] == [
        name.removeprefix("originals/").removesuffix(".fit") for name in packed.namelist() if "originals" in name
    ]
    (original,) = (packed.read(name) for name in packed.namelist() if name.startswith("originals/"))
    assert original == write(sessions.walk(world.now - timedelta(minutes=12), 12))
    assert account["sign_in"]["email"] == "ada@example.org"
    assert account["wishes"]["R4"]["off"] is True
    assert account["channels"][0]["name"] == "Phone"
    whole = b"".join(packed.read(name) for name in packed.namelist())
    for secret in (b"bo@example.org", b'"Bo"', b"quiet-topic-1", b"argon2"):
        assert secret not in whole


def test_who_has_done_nothing_yet_gets_their_plan(ada):
    packed = exported(ada)
    assert sorted(packed.namelist()) == ["account.json", "record.json"]
    assert len(json.loads(packed.read("record.json"))["plans"]) == 1


def rows(world, person) -> dict[str, list]:
    with reading(world.app.engine) as session:
        return {
            table.name: session.connection().execute(select(table).where(whose)).all()
            for table in SQLModel.metadata.sorted_tables
            if (whose := theirs(table, key(person))) is not None
        }


def test_everything_is_erased_and_another_keeps_everything(world, ada, bo, words):
    for browser in (ada, bo):
        world.walk(browser.person)
        browser.send("/messages/channels", url=f"ntfy://ntfy.sh/topic-of-{browser.person.name}", name="Phone")
    before = rows(world, bo.person)
    page = ada.open("/account/delete")
    assert "your account, and every browser that is signed in." in words(page)
    assert "not your present password" in words(ada.send("/account/delete", status=422, present="wrong"))
    assert any(rows(world, ada.person).values())
    page = ada.send("/account/delete", present=PASSWORD)
    assert words(page).startswith("Everything is deleted")
    assert "<nav" not in page.text
    assert "coach" not in ada.client.cookies
    assert not any(rows(world, ada.person).values())
    assert rows(world, bo.person) == before
    (line,) = (world.app.settings.home / "erased.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["id"] == ada.person.id
    assert "Ada" not in line
    assert ada.open("/").url.path == "/sign-in"
    ada.send("/sign-in", status=422, email="ada@example.org", password=PASSWORD)
    assert bo.open("/").url.path == "/"


def test_the_last_one_out_leaves_a_coach_that_can_begin_anew(world, ada):
    ada.send("/account/delete", present=PASSWORD)

    with reading(world.app.engine) as session:
        assert first(session, world.now) is not None


def test_a_list_that_cannot_be_written_keeps_nobody_here(world, ada, words, caplog):
    (world.app.settings.home / "erased.jsonl").mkdir()
    assert words(ada.send("/account/delete", present=PASSWORD)).startswith("Everything is deleted")
    assert not any(rows(world, ada.person).values())
    assert "They are erased, but" in caplog.text
