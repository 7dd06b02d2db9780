"""What is changed is written down: by whom, when and of whom; never what it held."""

import re

import pytest
from sqlmodel import select

from coach.erasing import erase
from coach.store.access import AccessLog, What
from coach.store.accounts import Account
from coach.store.acting import By
from coach.store.engine import reading
from coach.store.tables import key
from config.messages.catalogue import languages, pages

PASSWORD = "three quiet words"


def written(world, since: int = 0) -> list[tuple[str, str, int | None]]:
    with reading(world.app.engine) as session:
        rows = session.exec(select(AccessLog).where(AccessLog.id > since).order_by(AccessLog.id))
        return [(each.by, each.what, each.person_id) for each in rows if each.what != What.CASELOAD]


def last(world) -> int:
    with reading(world.app.engine) as session:
        return max(session.exec(select(AccessLog.id)), default=0)


@pytest.mark.parametrize("language", languages())
def test_everything_that_is_written_down_has_words(language):
    assert [each for each in What if not pages(language).has(f"access.{each}")] == []
    assert [each for each in By if not pages(language).has(f"access.by_{each}")] == []


def test_ones_own_changes_are_ones_own(world, ada, words):
    before, me = last(world), key(ada.person)
    walk = world.walk(ada.person)
    ada.send("/account/password", present=PASSWORD, password="four louder words now", repeated="four louder words now")
    ada.send("/account/email", present="four louder words now", email="ada2@example.org")
    ada.send("/account/details", units="imperial")
    ada.send("/account/details")  # nothing is new
    ada.send("/account/clinicians", email="lind@example.org")
    ada.send(f"/sessions/{walk}/delete")
    ada.open("/account/export/coach.zip")
    assert written(world, before) == [
        (By.PERSON, what, me)
        for what in ("password_changed", "address_changed", "details_changed", "asked", "deleted", "exported")
    ]
    page = words(ada.open("/account/access"))
    assert "Your account: changed the password" in page
    with reading(world.app.engine) as session:
        assert {each.who for each in session.exec(select(AccessLog).where(AccessLog.person_id == me))} == {""}


def test_a_clinician_and_an_administrator_go_by_their_part(world, ada, cy, words):
    before, me = last(world), key(ada.person)
    cy.send(f"/people/{me}/notes", note="well")
    assert ("clinician", "noted", me) in written(world, before)
    ada.send(f"/account/clinicians/{account_of(world, 'cy@example.org')}/end")
    assert written(world, before)[-1][1:] == ("ended", me)
    assert "Dr Cy: no longer looks after you" in words(ada.open("/account/access"))


def account_of(world, email: str) -> int:
    with reading(world.app.engine) as session:
        return key(session.exec(select(Account).where(Account.email == email)).one())


def test_the_log_outlives_who_is_erased_and_says_nothing_of_them(world, ada, bo, cy):
    me = key(ada.person)
    cy.open(f"/people/{me}")
    ada.send("/account/details", name="Adalbertine")
    ada.send("/account/delete", present=PASSWORD)
    told = [each for each in written(world) if each[2] == me]
    assert told[-1] == (By.PERSON, "erased", me)
    assert ("clinician", "week", me) in told
    with reading(world.app.engine) as session:
        rows = [each for each in session.exec(select(AccessLog)) if each.person_id == me]
    assert all(each.who in {"", "Dr Cy"} for each in rows)
    assert not any(re.search("ada", str(each.model_dump()), re.IGNORECASE) for each in rows)
    assert all(each.account_id in {None, account_of(world, "cy@example.org")} for each in rows)
    assert "erased" not in bo.open("/account/access").text


def test_by_the_command_line_it_is_nobodys_account(world, ada):
    erase(world.app.engine, world.app.settings, key(ada.person), world.now)
    assert written(world)[-1] == (By.COMMAND_LINE, "erased", key(ada.person))


def test_what_is_not_kept_is_not_written_down_either(world, ada):
    before = last(world)
    ada.send(
        "/account/password", status=422, present="wrong", password="four louder words", repeated="four louder words"
    )
    assert written(world, before) == []
