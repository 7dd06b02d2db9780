"""An administrator's page: who has an account, a link for a new password, every browser signed out; and roles."""

import re

import pytest

from coach.accounts.role import Role
from coach.cli.accounts import given_role
from coach.errors import NotFoundError
from coach.store import accounts
from coach.store.accounts import Account
from coach.store.engine import reading, writing


@pytest.fixture
def rex(world):
    """An administrator."""
    browser = world.browser(world.person("Rex"))
    role(world, "rex@example.org", Role.ADMINISTRATOR)
    return browser


def role(world, email, given):
    with writing(world.app.engine, None) as session:
        account = accounts.of_email(session, email)
        account.role = given
        session.add(account)


def number(world, email):
    with reading(world.app.engine) as session:
        return accounts.of_email(session, email).id


def test_everybody_is_listed_and_nothing_of_their_health(world, ada, rex, words):
    page = words(rex.open("/accounts"))
    for told in ("ada@example.org", "Ada, person", "rex@example.org", "Rex, administrator"):
        assert told in page
    for untold in ("disc", "herniation", "pain"):
        assert untold not in page.casefold().partition("this app")[0]


def test_a_link_leads_to_a_new_password_once_and_the_person_is_told(world, ada, rex, words):
    path = f"/accounts/{number(world, 'ada@example.org')}/link"
    page = rex.send(path, at="/accounts")
    link = re.search(r"/join/[\w.-]+", page.text)[0]
    assert link not in rex.open("/accounts").text
    browser = world.browser()
    fields = {"password": "quite another one", "repeated": "quite another one"}
    browser.post(link, **fields)
    world.browser().post(link, status=410, **fields)
    world.browser().send("/sign-in", email="ada@example.org", password="quite another one")
    assert "wrote a link for a new password of yours" in words(browser.open("/account/access"))
    assert world.looks(ada.person) == ["link_written"]


def test_sent_twice_a_link_is_told_of_once(world, ada, rex):
    path = f"/accounts/{number(world, 'ada@example.org')}/link"
    form = rex.form(path, at="/accounts")
    rex.post(path, **form)
    rex.post(path, **form)
    assert world.looks(ada.person) == ["link_written"]


def test_signed_out_everywhere(world, ada, rex, words):
    page = rex.send(f"/accounts/{number(world, 'ada@example.org')}/sign-out", at="/accounts")
    assert "ada@example.org" in words(page)
    assert ada.open("/").url.path == "/sign-in"


def test_ones_own_other_browsers_and_not_this_one(world, rex):
    other = world.browser(rex.person)
    rex.send(f"/accounts/{number(world, 'rex@example.org')}/sign-out", at="/accounts")
    assert other.open("/").url.path == "/sign-in"
    assert rex.open("/accounts").url.path == "/accounts"


def test_an_account_that_is_none(world, rex):
    form = rex.form(f"/accounts/{number(world, 'rex@example.org')}/link", at="/accounts")
    for action in ("link", "sign-out"):
        rex.post(f"/accounts/999/{action}", status=404, **form)


@pytest.mark.parametrize("given", [Role.PERSON, Role.CLINICIAN])
def test_nobody_else_does_it(world, ada, bo, given):
    role(world, "ada@example.org", given)
    form = ada.form("/sign-out", at="/account")
    assert ada.open("/accounts", 404)
    for action in ("link", "sign-out"):
        ada.post(f"/accounts/{number(world, 'bo@example.org')}/{action}", status=404, **form)
    assert bo.open("/account").url.path == "/account"
    assert world.looks(bo.person) == []


@pytest.mark.parametrize(
    ("given", "page"), [(Role.CLINICIAN, "/caseload"), (Role.ADMINISTRATOR, "/accounts"), (Role.PERSON, None)]
)
def test_a_role_given_on_the_command_line(world, ada, monkeypatch, capsys, given, page):
    monkeypatch.setattr("coach.cli.accounts.open_app", lambda: world.app)
    given_role(" ADA@example.org", given)
    assert "ada@example.org is" in capsys.readouterr().err
    for path in ("/caseload", "/accounts"):
        ada.open(path, 200 if path == page else 404)


def test_a_role_of_nobody(world, ada, monkeypatch):
    monkeypatch.setattr("coach.cli.accounts.open_app", lambda: world.app)
    with pytest.raises(NotFoundError, match="`coach accounts` lists them"):
        given_role("eve@example.org", Role.CLINICIAN)
    with reading(world.app.engine) as session:
        assert {each.role for each, _ in accounts.everybody(session)} == {Role.PERSON}
        assert session.get(Account, 2) is None
