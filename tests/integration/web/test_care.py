"""A clinician, from the invitation to the end: who comes in, what they see, what the person is told of it."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from pydantic import SecretStr
from sqlmodel import select

from coach.care.inviting import LASTS
from coach.store.access import AccessLog
from coach.store.accounts import Account
from coach.store.care import Care, CareInvitation
from coach.store.engine import reading
from coach.web.pages import site as whole_site

PASSWORD = "three quiet words"
NEW = {"email": "lind@example.org", "name": "Dr <i>Lind</i>", "password": PASSWORD, "repeated": PASSWORD}


def invitation(browser, email="lind@example.org") -> str:
    page = browser.send("/account/clinicians", email=f" {email.upper()} ")
    return re.search(r"/care/[\w-]+", page.text)[0]


def clinician(world, link: str):
    """Makes an account by the link, and takes the invitation."""
    browser = world.browser()
    browser.post(f"{link}/account", **NEW)
    browser.send(link)
    return browser


def log(world) -> list[str]:
    with reading(world.app.engine) as session:
        return list(session.exec(select(AccessLog.what).order_by(AccessLog.id)))


@pytest.fixture
def lind(world, ada):
    return clinician(world, invitation(ada))


def test_invited_accepted_looked_at_and_ended(world, ada, words):
    link = invitation(ada)
    assert "lind@example.org" in words(ada.open("/account/clinicians"))
    browser = world.browser()
    page = browser.open(link)
    assert "Ada" not in page.text
    page = browser.post(f"{link}/account", **NEW)
    assert (page.url.path, "Look after Ada?" in words(page)) == (link, True)
    page = browser.send(link)
    assert (page.url.path, "You look after Ada now." in words(page)) == ("/caseload", True)
    page = browser.open(f"/people/{ada.person.id}")
    assert "Ada" in words(page)
    assert "disc" in words(page)
    page = ada.open("/account/access")
    assert "Dr &lt;i&gt;Lind&lt;/i&gt;: read a week of yours" in page.text
    assert "saw you in the list of people" in words(page)
    number = re.search(r"/account/clinicians/(\d+)/end", ada.open("/account/clinicians").text)[1]
    page = ada.send(f"/account/clinicians/{number}/end")
    assert "no longer looks after you" in words(page)
    browser.open(f"/people/{ada.person.id}", 404)
    assert "Ada" not in browser.open("/caseload").text
    assert log(world)[-1] == "ended"
    ada.open(f"/account/clinicians/{number}/end", 404)


def test_a_look_changes_nothing_and_only_the_button_accepts(world, ada):
    link, browser = invitation(ada), world.browser()
    browser.post(f"{link}/account", **NEW)
    browser.open(link)
    with reading(world.app.engine) as session:
        assert session.exec(select(Care)).first() is None
        assert session.exec(select(CareInvitation.used_at)).one() is None


def test_an_invitation_is_good_once_and_for_whom_it_was_written(world, ada, bo, words):
    link = invitation(ada)
    page = bo.open(link, 403)
    assert "another address" in words(page)
    assert "lind@" not in page.text
    assert "Ada" not in page.text
    bo.post(link, status=403, **bo.form("/sign-out", at="/"))
    page = world.browser().post(f"{link}/account", status=403, **NEW | {"email": "eve@example.org"})
    assert ("lind@" in page.text, "eve@example.org" in page.text) == (False, True)
    lind = clinician(world, link)
    for browser in (lind, bo, world.browser()):
        assert "used already" in words(browser.open(link, 410))
    lind.post(link, status=410, **lind.form("/sign-out", at="/caseload"))
    world.browser().post(f"{link}/account", status=410, **NEW)
    with reading(world.app.engine) as session:
        assert len(session.exec(select(Care)).all()) == 1
        assert len(session.exec(select(Account)).all()) == 3


def test_old_and_taken_back_invitations_lead_nowhere(world, ada):
    link = invitation(ada)
    world.now += LASTS
    world.browser().open(link, 410)
    link = invitation(ada)
    action = re.search(r"/account/clinicians/invitations/\d+/take-back", ada.open("/account/clinicians").text)[0]
    ada.send(action, at="/account/clinicians")
    world.browser().open(link, 410)
    ada.open("/account/clinicians")


def test_another_cannot_take_back_or_end(world, ada, bo, lind):
    invitation(ada, "somebody@example.org")
    form = bo.form("/sign-out", at="/")
    with reading(world.app.engine) as session:
        number = session.exec(select(CareInvitation.id).where(CareInvitation.email == "somebody@example.org")).one()
        account = session.exec(select(Care.account_id)).one()
    bo.post(f"/account/clinicians/invitations/{number}/take-back", status=404, **form)
    bo.post(f"/account/clinicians/{account}/end", status=404, **form)
    bo.open(f"/account/clinicians/{account}/end", 404)
    lind.open(f"/people/{ada.person.id}")


def test_who_has_an_account_signs_in_and_comes_back(world, ada, bo, words):
    link, browser = invitation(ada, "bo@example.org"), world.browser()
    assert "You have no account here yet?" not in words(browser.open(link))
    page = browser.send("/sign-in", at=f"/sign-in?then={link}", email="bo@example.org", password=PASSWORD)
    assert page.url.path == link
    browser.send(link)
    assert "Caseload" in browser.open("/").text
    assert "This week" in browser.open("/caseload").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "1 to 80"),
        ({"name": "x" * 81}, "1 to 80"),
        ({"name": "a\u202eb"}, "1 to 80"),
        ({"password": "short", "repeated": "short"}, "at least 10"),
        ({"repeated": "another one"}, "not the same"),
    ],
)
def test_what_a_clinicians_account_is_not_made_of(world, ada, words, fields, sentence):
    page = world.browser().post(f"{invitation(ada)}/account", status=422, **NEW | fields)
    assert sentence in words(page)
    assert "lind@example.org" in page.text


def test_addresses_cannot_be_tried_for_ever(world, ada):
    link = invitation(ada)
    for number in range(40):
        world.browser().post(f"{link}/account", status=403, **NEW | {"email": f"{number}@example.org"})
    world.browser().post(f"{link}/account", status=429, **NEW)


@pytest.mark.parametrize("accepts", [True, False])
def test_an_invitation_is_mailed_and_says_nothing_of_anybody(world, words, mail_server, accepts):
    class Postbox:
        def __init__(self):
            self.came = []

        async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
            envelope.rcpt_tos.append(address)
            return "250 OK" if accepts else "550 nobody"

        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            self.came.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
            return "250 OK"

    box = Postbox()
    with mail_server(box) as port:
        mail = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"), "public_url": "http://testserver"}
        world.app = replace(world.app, settings=world.app.settings.model_copy(update=mail))
        world.web = whole_site(world.app, None)
        ada = world.browser(world.person("Ada"))
        page = ada.send("/account/clinicians", email="lind@example.org")
    if not accepts:
        assert "/care/" in words(page)
        return
    assert ("by mail" in words(page), "/care/" in words(page)) == (True, False)
    ((to, letter),) = box.came
    assert (to, letter["Subject"]) == (["lind@example.org"], "An invitation for you")
    link = re.search(r"http://testserver(/care/[\w-]+)", letter.get_body(("plain",)).get_content())[1]
    for secret in ("Ada", "disc", "sciatica", "pain"):
        assert secret not in letter.as_string()
    clinician(world, link)


def test_an_invitation_that_is_none(ada, words):
    page = ada.send("/account/clinicians", status=422, email="<script>nobody")
    assert "not an e-mail address" in words(page)
    assert 'value="&lt;script&gt;nobody"' in page.text


def test_who_looks_after_somebody_is_not_asked_again(ada, lind, words):
    page = ada.send("/account/clinicians", status=422, email="lind@example.org")
    assert "looks after you already" in words(page)


def test_sent_twice_an_invitation_is_one(world, ada):
    form = ada.form("/account/clinicians") | {"email": "lind@example.org"}
    ada.post("/account/clinicians", **form)
    ada.post("/account/clinicians", **form)
    with reading(world.app.engine) as session:
        assert len(session.exec(select(CareInvitation)).all()) == 1


def test_a_clinician_without_a_plan_begins_with_the_caseload(lind, words):
    assert lind.open("/").url.path == "/caseload"
    page = lind.open("/account")
    assert "lind@example.org" in words(page)
    assert "/account/export" not in page.text
    for path in ("/account/password", "/account/email", "/account/second-step", "/account/browsers"):
        assert lind.open(path).url.path == path


def test_a_look_at_the_list_is_in_the_log_once_a_day(world, ada, lind):
    lind.open("/caseload")
    lind.open("/caseload?sort=pain")
    assert log(world).count("caseload") == 1
    world.now += timedelta(days=1)
    lind.open("/caseload")
    assert log(world).count("caseload") == 2


def test_the_access_log_has_pages(world, ada, lind, words):
    for _ in range(60):
        lind.open(f"/people/{ada.person.id}")
    page = ada.open("/account/access")
    assert len(re.findall("read a week", words(page))) == 50
    older = re.search(r"/account/access\?before=\d+", page.text)[0]
    assert "looks after you from now on" in words(ada.open(older))


def test_another_sees_nothing_of_a_log(world, ada, bo, lind, words):
    lind.open(f"/people/{ada.person.id}")
    assert "Lind" not in words(bo.open("/account/access"))
    assert "read a week" not in words(bo.open("/account/access"))


def test_a_clinician_ends_it_too(world, ada, lind, words):
    path = f"/people/{ada.person.id}/end"
    assert "no longer look after" in words(lind.send(path))
    lind.open(path, 404)
    assert "no longer looks after you" in words(ada.open("/account/access"))


def test_a_week_in_the_clinicians_language(world, ada, lind, words):
    world.walk(ada.person, 20)
    page = lind.client.get(f"/people/{ada.person.id}/week/2026-W23", headers={"accept-language": "de"})
    assert "Gehen" in words(page) or "Spaziergang" in words(page)
    lind.open(f"/people/{ada.person.id}/week/2026-W99", 404)
    lind.open("/people/99", 404)
