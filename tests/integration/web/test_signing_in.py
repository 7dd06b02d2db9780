"""Who comes in, who does not, and what becomes of a form that was under way."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import select

from coach.accounts import second_factor
from coach.accounts.entrance import LASTS
from coach.accounts.invitations import PATH, first, for_person, open_invitations
from coach.store.accounts import Account, SignIn
from coach.store.engine import reading, writing
from coach.store.tables import Person
from config.secrets import open_secrets


def invitation(world, person=None) -> str:
    with reading(world.app.engine) as session:
        made = first(session, world.now) if person is None else for_person(session, person, world.now)
    return PATH + open_invitations(world.app.settings).token(made)


def test_nobody_sees_anything_before_they_sign_in(world):
    page = world.browser().client.get("/week/2026-W23", follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?then=/week/2026-W23")


def test_who_signs_in_comes_where_they_wanted_to_go(world, words):
    world.person("Ada")
    browser = world.browser()
    page = browser.send("/sign-in", at="/week/2026-W22", email=" ADA@example.org ", password="three quiet words")
    assert page.url.path == "/week/2026-W22"
    assert "25-31 May 2026" in words(page)


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_nobody_is_led_elsewhere(world, then):
    world.person("Ada")
    page = world.browser().send(
        "/sign-in", at=f"/sign-in?then={then}", email="ada@example.org", password="three quiet words"
    )
    assert (page.url.host, page.url.path) == ("testserver", "/")


@pytest.mark.parametrize(
    ("email", "password"), [("ada@example.org", "wrong"), ("bo@example.org", "three quiet words"), ("", "x" * 1000)]
)
def test_what_does_not_belong_together_does_not_tell_which_is_wrong(world, words, email, password):
    world.person("Ada")
    page = world.browser().send("/sign-in", status=422, email=email, password=password)
    assert "do not belong together" in words(page)


def test_passwords_cannot_be_tried_for_ever(world, words):
    world.person("Ada")
    browser = world.browser()
    for _ in range(10):
        browser.send("/sign-in", status=422, email="ada@example.org", password="wrong")
    page = browser.send("/sign-in", status=429, email="ada@example.org", password="three quiet words")
    assert "too often" in words(page)


def test_signing_out_ends_it_there(world, ada):
    token = ada.client.cookies["coach"]
    ada.send("/sign-out", at="/")
    ada.client.cookies.set("coach", token)
    assert ada.open("/").url.path == "/sign-in"


def test_it_lasts_while_it_is_used(world, ada):
    for _ in range(4):
        world.now += LASTS - timedelta(days=1)
        assert ada.open("/").url.path == "/"
    world.now += LASTS
    assert ada.open("/").url.path == "/sign-in"


def test_the_database_holds_no_token_and_no_password(world, ada):
    token = ada.client.cookies["coach"]
    with reading(world.app.engine) as session:
        row, account = session.exec(select(SignIn)).one(), session.exec(select(Account)).one()
    assert token not in str(row)
    assert account.password_hash.startswith("$argon2id$")


def test_the_first_link_makes_the_first_account_once(world, words):
    link, browser = invitation(world), world.browser()
    fields = {"email": "ada@example.org", "password": "three quiet words", "repeated": "three quiet words"}
    form = browser.client.post(link, data=fields, follow_redirects=False)
    assert form.headers["location"] == "/welcome"
    assert "used already" in words(world.browser().open(link, 410))
    assert "used already" in words(world.browser().post(link, status=410, **fields))


def test_a_person_who_is_there_gets_their_account(world):
    with writing(world.app.engine, None) as session:
        session.expire_on_commit = False
        person = Person(name="Cleo", timezone="UTC", created_at=world.now)
        session.add(person)
    browser = world.browser()
    fields = {"email": "cleo@example.org", "password": "three quiet words", "repeated": "three quiet words"}
    browser.client.post(invitation(world, person), data=fields, follow_redirects=False)
    with reading(world.app.engine) as session:
        assert session.exec(select(Account.person_id)).one() == person.id


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "nobody"}, "not an e-mail address"),
        ({"password": "short", "repeated": "short"}, "at least 10"),
        ({"password": "aaaaaaaaaaaa", "repeated": "aaaaaaaaaaaa"}, "too easy"),
        ({"password": "bo@example.org", "repeated": "bo@example.org", "email": "bo@example.org"}, "too easy"),
        ({"repeated": "three quiet wordz"}, "not the same"),
        ({"email": "ADA@example.org"}, "account with that address already"),
    ],
)
def test_what_an_account_is_not_made_of(world, words, fields, sentence):
    world.person("Ada")
    with writing(world.app.engine, None) as session:
        session.expire_on_commit = False
        person = Person(name="Cleo", timezone="UTC", created_at=world.now)
        session.add(person)
    good = {"email": "cleo@example.org", "password": "three quiet words", "repeated": "three quiet words"}
    assert sentence in words(world.browser().post(invitation(world, person), status=422, **good | fields))


def test_a_new_password_signs_every_browser_out(world, ada, words):
    link = invitation(world, ada.person)
    other = world.browser()
    other.post(link, password="four other quiet words", repeated="four other quiet words")
    assert other.open("/").url.path == "/"
    assert ada.open("/").url.path == "/sign-in"
    assert "used already" in words(world.browser().open(link, 410))


def test_a_link_is_over_after_three_days_and_forged_ones_lead_nowhere(world, ada, words):
    link = invitation(world, ada.person)
    assert "leads nowhere" in words(ada.open(link[:-2] + ("A" if link[-2] != "A" else "B") + link[-1], 404))
    world.now += timedelta(days=3)
    assert "too old" in words(ada.open(link, 410))


def test_the_second_step(world, words):
    person = world.person("Ada")
    secret, known = second_factor.new_secret(), open_secrets(world.app.settings)
    codes = second_factor.recovery()
    with writing(world.app.engine, None) as session:
        account = session.exec(select(Account).where(Account.person_id == person.id)).one()
        account.sealed_factor, account.recovery = known.seal(secret.hex()), list(codes.kept)
        session.add(account)
    code = second_factor._totp(secret).generate(int(world.now.timestamp())).decode()
    browser = world.browser()
    page = browser.sign_in("ada@example.org")
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)[1]
    assert browser.open("/").url.path == "/sign-in", "a password alone is half of it"
    browser.post("/sign-in/code", status=422, ticket=ticket, code="000000", then="/")
    assert browser.post("/sign-in/code", ticket=ticket, code=f"{code[:3]} {code[3:]}", then="/plan-b", status=404)
    assert browser.open("/").url.path == "/"
    other = world.browser()
    other.post("/sign-in/code", status=422, ticket=ticket, code=code, then="/")  # no code is good twice
    other.post("/sign-in/code", ticket=ticket, code=codes.codes[0].upper(), then="/")
    world.browser().post("/sign-in/code", status=422, ticket=ticket, code=codes.codes[0], then="/")
    world.now += timedelta(minutes=11)
    world.browser().post("/sign-in/code", status=422, ticket=ticket, code=codes.codes[1], then="/")


def test_another_site_sends_nothing(world, ada):
    form = {"data": {}, "follow_redirects": False}
    assert ada.client.post("/sign-out", headers={"sec-fetch-site": "cross-site"}, **form).status_code == 403
    assert ada.client.post("/sign-out", headers={"origin": "https://evil.example"}, **form).status_code == 403
    assert ada.client.post("/sign-out", headers={"origin": "http://testserver"}, **form).status_code == 403  # no csrf
    assert ada.open("/").url.path == "/"


def test_every_answer_is_guarded(world, ada):
    for path in ("/", "/sign-in", "/nothing", "/static/coach.css", "/healthz"):
        headers = ada.client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


def test_a_form_that_was_under_way_is_held(world, ada):
    ada.client.cookies.clear()
    page = ada.post("/sign-out", status=401, note='what I "typed" <b>', minutes="12")
    assert "&lt;b&gt;" in page.text
    held = unescape(re.search(r'name="held" value="([^"]+)"', page.text)[1])
    page = ada.post("/sign-in", email="ada@example.org", password="three quiet words", then="/sign-out", held=held)
    assert 'action="/sign-out"' in page.text
    assert "what I &#34;typed&#34; &lt;b&gt;" in page.text


def test_no_secret_of_a_form_that_is_held_stands_on_a_page(ada):
    ada.client.cookies.clear()
    secrets = dict.fromkeys(("present", "password", "repeated", "code"), "four other quiet words")
    page = ada.post("/account/password", status=401, username="ada@example.org", **secrets)
    assert "ada@example.org" in re.search(r'name="held" value="([^"]+)"', page.text)[1]
    assert "four other quiet words" not in page.text


def test_what_is_nobodys_in_particular_is_asked_for_again_only_where_it_has_changed(ada):
    style = ada.open("/static/coach.css")
    assert style.headers["cache-control"] == "no-cache"
    again = ada.client.get("/static/coach.css", headers={"if-none-match": style.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert ada.open("/").headers["cache-control"] == "no-store"
