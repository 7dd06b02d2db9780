"""What a person changes of themselves, and of who comes in."""

import re
from datetime import timedelta
from html import escape, unescape

import pytest
from sqlmodel import select

from coach.accounts import second_factor
from coach.accounts.invitations import PATH, for_person, open_invitations
from coach.store import activities
from coach.store.accounts import Account, FormSent
from coach.store.engine import reading
from coach.store.tables import Person, key

PASSWORD = "three quiet words"
NEW = "four other quiet words"


def me(world, person) -> Person:
    with reading(world.app.engine) as session:
        session.expire_on_commit = False
        return session.get_one(Person, person.id)


def my_account(world, person) -> Account:
    with reading(world.app.engine) as session:
        session.expire_on_commit = False
        return session.exec(select(Account).where(Account.person_id == person.id)).one()


def hidden(page) -> dict[str, str]:
    """What a form of the page bears."""
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page.text)[1] for name in ("csrf", "once")}


# About you.


def test_all_of_it_is_changed_and_taken_away(world, ada, words):
    page = ada.send(
        "/account/details",
        name="Ada <b>L.</b>",
        email="letters@example.org",
        timezone="America/New_York",
        units="imperial",
        birth_year="1966",
        resting_hr="65",
        emergency_number="911",
    )
    assert words(page).startswith("Noted.")
    assert "Ada &lt;b&gt;L.&lt;/b&gt;" in page.text
    kept = me(world, ada.person)
    assert (kept.name, kept.email, kept.timezone) == ("Ada <b>L.</b>", "letters@example.org", "America/New_York")
    assert (kept.units, kept.birth_year, kept.resting_heart_rate_bpm) == ("imperial", 1966, 65)
    assert kept.emergency_number == "911"
    ada.send("/account/details", email="", birth_year="", resting_hr="")
    kept = me(world, ada.person)
    assert (kept.email, kept.birth_year, kept.resting_heart_rate_bpm) == (None, None, None)


def test_a_new_language_is_spoken_at_once(ada, words):
    assert words(ada.send("/account/details", language="de")).startswith("Gespeichert. Konto")
    assert "Über Sie" in words(ada.open("/account/details"))


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "1 to 80 characters"),
        ("name", "a" * 81, "1 to 80 characters"),
        ("name", "Ada\u202e", "1 to 80 characters"),
        ("name", "Bo", "Somebody else here has that name"),
        ("email", "<b>nobody", "not an e-mail address"),
        ("email", f"a@{'x' * 260}", "not an e-mail address"),
        ("timezone", "Atlantis/Deep", "no such time zone"),
        ("language", "tlh", "no such language"),
        ("units", "cubits", "no such units"),
        ("emergency_number", "help", "holds a digit"),
        ("birth_year", "1800", "a whole number from 1906 to 2026"),
        ("resting_hr", "<i>", "a whole number from 25 to 130"),
        ("max_hr", "90000", "a whole number from 90 to 230"),
        ("max_hr", "99", "lies above the resting one"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_typed_is_lost(world, ada, words, field, typed, sentence):
    world.person("Bo")
    before = me(world, ada.person)
    fields = {"resting_hr": "110", "email": "typed@example.org", field: typed}
    page = ada.send("/account/details", status=422, **fields)
    assert sentence in words(page)
    if field not in {"timezone", "language", "units"}:
        assert f'value="{escape(typed)}"' in page.text
    assert f'value="{escape(fields["email"])}"' in page.text
    assert me(world, ada.person) == before


def test_new_heart_rates_measure_what_was_recorded_again(world, ada, monkeypatch):
    world.walk(ada.person)
    measured = []
    monkeypatch.setattr("coach.remeasure.remeasure_all", lambda _, person: measured.append(person.max_heart_rate_bpm))
    assert "are measured by the new" not in ada.send("/account/details", emergency_number="144").text
    assert measured == []
    assert "are measured by the new" in ada.send("/account/details", max_hr="180").text
    assert measured == [180]


def test_it_measures_again_for_real(world, ada):
    world.walk(ada.person)
    ada.send("/account/details", birth_year="1966", resting_hr="60")
    with reading(world.app.engine) as session:
        assert len(activities.of_person(session, key(ada.person))) == 1


# Who comes in.


def test_the_sign_in_address_is_changed_with_the_password(world, ada, bo, words):
    path = "/account/email"
    assert "not your present password" in words(ada.send(path, status=422, email="new@example.org", present="wrong"))
    assert "not an e-mail" in words(ada.send(path, status=422, email="<b>", present=PASSWORD))
    assert "account with that address" in words(ada.send(path, status=422, email="BO@example.org", present=PASSWORD))
    assert "you sign in with new@example.org" in words(ada.send(path, email=" NEW@example.org", present=PASSWORD))
    assert my_account(world, ada.person).email == "new@example.org"
    assert world.browser().sign_in("new@example.org").url.path == "/"


def reset_link(world, person) -> str:
    with reading(world.app.engine) as session:
        return PATH + open_invitations(world.app.settings).token(for_person(session, person, world.now))


def test_a_new_password_signs_others_out_and_voids_links(world, ada, words):
    other, link = world.browser(ada.person), reset_link(world, ada.person)
    path, good = "/account/password", {"present": PASSWORD, "password": NEW, "repeated": NEW}
    for wrong, sentence in (
        ({"present": "wrong"}, "not your present password"),
        ({"password": "short", "repeated": "short"}, "at least 10"),
        ({"repeated": "another"}, "not the same"),
        ({"password": "ada@example.org", "repeated": "ada@example.org"}, "too easy"),
    ):
        page = ada.send(path, status=422, **good | wrong)
        assert sentence in words(page)
        assert PASSWORD not in page.text
    assert words(ada.send(path, **good)).startswith("The new password is set")
    assert ada.open("/account").url.path == "/account"
    assert other.open("/").url.path == "/sign-in"
    assert "used already" in words(world.browser().open(link, 410))
    world.browser().send("/sign-in", status=422, email="ada@example.org", password=PASSWORD)
    assert world.browser().sign_in("ada@example.org", NEW).url.path == "/"


def test_passwords_cannot_be_tried_for_ever_from_within(ada, words):
    for _ in range(10):
        ada.send("/account/delete", status=422, present="wrong")
    for path in ("/account/delete", "/account/password", "/account/email"):
        assert "too often" in words(ada.send(path, status=422, present=PASSWORD, email="x@y.z"))


def code_of(secret: bytes, world) -> str:
    return second_factor._totp(secret).generate(int(world.now.timestamp())).decode()


def secret_on(page) -> bytes:
    import base64

    letters = re.search(r'<p class="code">([A-Z2-7 ]+)</p>', page.text)[1].replace(" ", "")
    return base64.b32decode(letters)


def test_the_second_step_from_beginning_to_end(world, ada, words):
    path, other, link = "/account/second-step", world.browser(ada.person), reset_link(world, ada.person)
    page = ada.open(path)
    assert '<svg class="qr"' in page.text or 'class="qr"' in page.text
    assert "<title>The key for your app</title>" in page.text
    assert "style=" not in page.text
    secret, form = (
        secret_on(page),
        {**hidden(page), "offered": unescape(re.search(r'"offered" value="([^"]+)', page.text)[1])},
    )
    page = ada.post(path, status=422, **form, code="000000", present=PASSWORD)
    assert "not the one that the app shows" in words(page)
    assert secret_on(page) == secret, "the app has it already"
    page = ada.post(path, status=422, **form, code=code_of(secret, world), present="wrong")
    assert "not your present password" in words(page)
    assert my_account(world, ada.person).sealed_factor is None
    page = ada.post(path, **form, code=code_of(secret, world), present=PASSWORD)
    codes = re.findall(r'<li class="code">([0-9a-f]+)</li>', page.text)
    assert len(codes) == 8
    with reading(world.app.engine) as session:
        assert not any(code in str(session.exec(select(FormSent)).all()) for code in codes)
    assert other.open("/").url.path == "/sign-in"
    assert "used already" in words(world.browser().open(link, 410))
    assert ada.post(path, **form, code=code_of(secret, world), present=PASSWORD).url.path == path, "sent twice"
    assert "left: 8" in words(ada.open(path))

    # The code that turned it on is used up; the next one, and one that was written down, let in.
    def sign_in(code: str, status: int):
        browser = world.browser()
        ticket = re.search(r'name="ticket" value="([^"]+)"', browser.sign_in("ada@example.org").text)[1]
        browser.post("/sign-in/code", status=status, ticket=ticket, code=code, then="/account")

    sign_in(code_of(secret, world), 422)
    world.now += timedelta(seconds=30)
    sign_in(code_of(secret, world), 200)
    sign_in(codes[0], 200)
    assert "left: 7" in words(ada.open(path))

    page = ada.send(f"{path}/codes", at=path, status=422, present="wrong")
    assert "not your present password" in words(page)
    page = ada.send(f"{path}/codes", at=path, present=PASSWORD)
    assert len(set(re.findall(r'<li class="code">([0-9a-f]+)</li>', page.text)) - set(codes)) == 8
    sign_in(codes[1], 422)

    ada.send(f"{path}/off", at=path, status=422, present="wrong")
    assert words(ada.send(f"{path}/off", at=path, present=PASSWORD)).startswith("The second step is off")
    assert my_account(world, ada.person).sealed_factor is None
    assert world.browser().sign_in("ada@example.org").url.path == "/"


def test_a_key_that_was_offered_to_another_is_none(world, ada, bo):
    theirs = bo.open("/account/second-step")
    offered = unescape(re.search(r'"offered" value="([^"]+)', theirs.text)[1])
    for sealed in (offered, "nonsense", ""):
        form = hidden(ada.open("/account/second-step"))
        code = code_of(secret_on(theirs), world)
        ada.post("/account/second-step", **form, offered=sealed, code=code, present=PASSWORD)
        assert my_account(world, ada.person).sealed_factor is None


def test_a_ticket_is_void_once_the_second_step_has_changed(world, ada):
    page = ada.open("/account/second-step")
    secret, offered = secret_on(page), unescape(re.search(r'"offered" value="([^"]+)', page.text)[1])
    ada.post("/account/second-step", **hidden(page), offered=offered, code=code_of(secret, world), present=PASSWORD)
    browser = world.browser()
    ticket = re.search(r'name="ticket" value="([^"]+)"', browser.sign_in("ada@example.org").text)[1]
    ada.send("/account/second-step/off", at="/account/second-step", present=PASSWORD)
    browser.post("/sign-in/code", status=422, ticket=ticket, code=code_of(secret, world), then="/")


def names(page) -> list[str]:
    return re.findall(r"/account/browsers/([0-9a-f]+)/sign-out", page.text)


def test_browsers_are_signed_out_one_by_one_or_all(world, ada, words):
    at = "/account/browsers"
    second, third = world.browser(ada.person), world.browser(ada.person)
    page = ada.open(at)
    assert len(names(page)) == 3
    assert words(page).count("(this one)") == 1
    gone = names(third.open(at))
    mine = re.search(r"\(this one\).*?/account/browsers/([0-9a-f]+)/", third.open(at).text, re.DOTALL)[1]
    assert "Signed out: " in words(ada.send(f"{at}/{mine}/sign-out", at=at))
    assert third.open("/").url.path == "/sign-in"
    assert second.open("/").url.path == "/"
    ada.send(f"{at}/sign-out", at=at)
    assert second.open("/").url.path == "/sign-in"
    assert ada.open(at).url.path == at
    assert len(gone) == 3
    assert ada.send(f"{at}/sign-out", at=at, here="yes").url.path == "/sign-in"
    assert ada.open("/").url.path == "/sign-in"


def test_anothers_browser_is_not_there(world, ada, bo):
    (theirs,) = names(bo.open("/account/browsers"))
    ada.post(f"/account/browsers/{theirs}/sign-out", status=404, **hidden(ada.open("/account/browsers")))
    assert bo.open("/").url.path == "/"


PAGES = (
    *("/account", "/account/details", "/account/email", "/account/password", "/account/second-step"),
    *("/account/browsers", "/account/export", "/account/delete", "/plan", "/messages", "/messages/rules"),
    *("/messages/channels",),
)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_page_is_there_in_both_languages_and_keeps_the_rules(world, language):
    browser = world.browser(world.person("Cleo", language=language))
    for path in PAGES:
        page = browser.open(path)
        assert f'<html lang="{language}">' in page.text
        assert page.text.count("<h1>") == 1
        assert not re.search(r"<script|<style| style=| on[a-z]+=", page.text), path
        for name in re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', page.text):
            assert f'<label for="{name}">' in page.text, (path, name)
        assert len(page.text) < 60_000, path


@pytest.mark.parametrize("path", [*PAGES, "/account/export/coach.zip", "/messages/preview", "/plan/1"])
def test_nobody_else_sees_them(world, path):
    world.person("Ada")
    assert world.browser().open(path).url.path == "/sign-in"
