"""Who may what: every route, held against a table. A route without a line there fails, and a line without a route."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

import pytest
from fastapi.routing import APIRoute
from sqlmodel import select

from coach.accounts import entrance
from coach.accounts.invitations import for_account, open_invitations
from coach.accounts.role import Role
from coach.accounts.tokens import issue
from coach.care import inviting
from coach.safety import Excusal, ExcusalKind
from coach.store import channels, excusals
from coach.store.accounts import Account
from coach.store.care import CareInvitation, CareNote
from coach.store.engine import reading, writing
from coach.store.tables import key
from coach.web import health
from coach.web.pages import _GROUPS, _bare
from config.secrets import open_secrets


class Can(Enum):
    """What somebody gets of a route."""

    DO = auto()
    SIGN_IN = auto()  # they are asked who they are
    GO = auto()  # to where an account without a plan begins
    NOTHING = auto()  # to them there is no such page
    NOT = auto()  # forbidden, or over


@dataclass(frozen=True)
class Rule:
    """By who asks. What is about somebody is about Ada (`owner`); `person` has a plan too, and is somebody else."""

    nobody: Can
    person: Can
    administrator: Can
    ended: Can  # a clinician who looked after Ada once
    stranger: Can  # a clinician who does not
    clinician: Can  # who does
    owner: Can


_DO, _SIGN_IN, _GO, _NOTHING, _NOT = Can.DO, Can.SIGN_IN, Can.GO, Can.NOTHING, Can.NOT

ANYBODY = Rule(_DO, _DO, _DO, _DO, _DO, _DO, _DO)
SOMEBODY = Rule(_SIGN_IN, _DO, _DO, _DO, _DO, _DO, _DO)
OWN = Rule(_SIGN_IN, _DO, _GO, _GO, _GO, _GO, _DO)  # each their own
THEIRS = Rule(_SIGN_IN, _NOTHING, _GO, _GO, _GO, _GO, _DO)  # a row of Ada's
BROWSER = Rule(_SIGN_IN, _NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING, _DO)
CLINICIANS = Rule(_SIGN_IN, _NOTHING, _NOTHING, _DO, _DO, _DO, _NOTHING)
CARE = Rule(_SIGN_IN, _NOTHING, _NOTHING, _NOTHING, _NOTHING, _DO, _NOTHING)
ADMINISTRATORS = Rule(_SIGN_IN, _NOTHING, _DO, _NOTHING, _NOTHING, _NOTHING, _NOTHING)
INVITATION = Rule(_DO, _NOT, _NOT, _NOT, _DO, _NOT, _NOT)  # the stranger is invited
ACCEPTED = Rule(_SIGN_IN, _NOT, _NOT, _NOT, _DO, _NOT, _NOT)
UNKNOWN_ADDRESS = Rule(_NOT, _NOT, _NOT, _NOT, _NOT, _NOT, _NOT)  # the form is sent empty
NO_ADDRESS = Rule(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING)
TOKEN = Rule(_SIGN_IN, _SIGN_IN, _SIGN_IN, _SIGN_IN, _SIGN_IN, _SIGN_IN, _SIGN_IN)  # a cookie counts for nothing

NOTES = "/people/{person_id}/notes/{number}"
ACCOUNT, CHANNELS, API = "/account", "/messages/channels", "/api/v1"

RULES = {
    **dict.fromkeys(
        (
            ("GET", "/healthz"),
            ("GET", "/readyz"),
            ("GET", "/sign-in"),
            ("POST", "/sign-in"),
            ("POST", "/sign-in/code"),
            ("GET", "/join/{token}"),
            ("POST", "/join/{token}"),
            ("GET", "/manifest.webmanifest"),
            ("GET", "/icon-{size}.png"),
            ("GET", f"{API}/openapi.json"),
            ("GET", f"{API}/docs"),
        ),
        ANYBODY,
    ),
    **dict.fromkeys(
        (
            ("POST", "/sign-out"),
            ("GET", "/welcome"),
            ("POST", "/welcome"),
            ("GET", ACCOUNT),
            ("GET", f"{ACCOUNT}/email"),
            ("POST", f"{ACCOUNT}/email"),
            ("GET", f"{ACCOUNT}/password"),
            ("POST", f"{ACCOUNT}/password"),
            ("GET", f"{ACCOUNT}/second-step"),
            ("POST", f"{ACCOUNT}/second-step"),
            ("POST", f"{ACCOUNT}/second-step/codes"),
            ("POST", f"{ACCOUNT}/second-step/off"),
            ("GET", f"{ACCOUNT}/browsers"),
            ("POST", f"{ACCOUNT}/browsers/sign-out"),
        ),
        SOMEBODY,
    ),
    **dict.fromkeys(
        (
            ("GET", "/"),
            ("GET", "/week/{week}"),
            ("GET", "/sessions"),
            ("GET", "/history"),
            ("GET", "/say/{kind}/{subject:path}"),
            ("POST", "/say/{kind}/{subject:path}"),
            ("GET", "/said"),
            ("GET", "/check-in"),
            ("POST", "/check-in"),
            ("POST", "/check-in/flare-over"),
            ("POST", "/check-in/days-off"),
            ("GET", "/log"),
            ("POST", "/log"),
            ("GET", "/upload"),
            ("POST", "/upload"),
            ("GET", "/share"),
            ("POST", "/share"),
            ("POST", "/share/add"),
            ("POST", "/share/discard"),
            ("GET", "/plan"),
            ("GET", "/plan/{version}"),
            ("GET", "/diagnosis"),
            ("POST", "/diagnosis"),
            ("GET", "/messages"),
            ("GET", "/messages/preview"),
            ("GET", "/messages/rules"),
            ("POST", "/messages/rules/{code}"),
            ("GET", CHANNELS),
            ("POST", CHANNELS),
            ("GET", f"{ACCOUNT}/details"),
            ("POST", f"{ACCOUNT}/details"),
            ("GET", f"{ACCOUNT}/tokens"),
            ("POST", f"{ACCOUNT}/tokens"),
            ("GET", f"{ACCOUNT}/export"),
            ("GET", f"{ACCOUNT}/export/coach.zip"),
            ("GET", f"{ACCOUNT}/delete"),
            ("POST", f"{ACCOUNT}/delete"),
            ("GET", f"{ACCOUNT}/clinicians"),
            ("POST", f"{ACCOUNT}/clinicians"),
            ("GET", f"{ACCOUNT}/access"),
            ("GET", f"{ACCOUNT}/notes"),
            ("GET", "/live"),
            ("GET", "/live/events"),
        ),
        OWN,
    ),
    **dict.fromkeys(
        (
            ("GET", "/sessions/{number}"),
            ("GET", "/sessions/{number}/original"),
            ("POST", "/sessions/{number}/label"),
            ("POST", "/sessions/{number}/forget"),
            ("GET", "/sessions/{number}/delete"),
            ("POST", "/sessions/{number}/delete"),
            ("POST", "/check-in/days-off/{number}"),
            ("POST", "/log/{number}/remove"),
            ("POST", CHANNELS + "/{path}/test"),
            ("POST", CHANNELS + "/{path}/resume"),
            ("GET", CHANNELS + "/{number}/remove"),
            ("POST", CHANNELS + "/{number}/remove"),
            ("POST", f"{ACCOUNT}/tokens/{{number}}/remove"),
            ("POST", f"{ACCOUNT}/clinicians/invitations/{{number}}/take-back"),
            ("GET", f"{ACCOUNT}/clinicians/{{number}}/end"),
            ("POST", f"{ACCOUNT}/clinicians/{{number}}/end"),
        ),
        THEIRS,
    ),
    ("POST", f"{ACCOUNT}/browsers/{{name}}/sign-out"): BROWSER,
    **dict.fromkeys((("GET", "/caseload"), ("GET", "/account/digest"), ("POST", "/account/digest")), CLINICIANS),
    **dict.fromkeys(
        (
            ("GET", "/people/{person_id}"),
            ("GET", "/people/{person_id}/week/{week}"),
            ("GET", "/people/{person_id}/end"),
            ("POST", "/people/{person_id}/end"),
            ("GET", "/people/{person_id}/plan"),
            ("GET", "/people/{person_id}/plan/versions/{version}"),
            ("GET", "/people/{person_id}/plan/edit"),
            ("POST", "/people/{person_id}/plan/edit"),
            ("GET", "/people/{person_id}/lock"),
            ("POST", "/people/{person_id}/lock"),
            ("GET", "/people/{person_id}/notes"),
            ("POST", "/people/{person_id}/notes"),
            ("POST", "/people/{person_id}/notes/{number}/remove"),
            ("GET", "/people/{person_id}/report"),
        ),
        CARE,
    ),
    ("GET", "/care/{token}"): INVITATION,
    ("POST", "/care/{token}"): ACCEPTED,
    ("POST", "/care/{token}/account"): UNKNOWN_ADDRESS,
    ("GET", "/metrics"): NO_ADDRESS,  # as long as no setting asks for them
    **dict.fromkeys(
        (("GET", "/accounts"), ("POST", "/accounts/{number}/link"), ("POST", "/accounts/{number}/sign-out")),
        ADMINISTRATORS,
    ),
    **dict.fromkeys(
        (
            ("GET", f"{API}/me"),
            ("POST", f"{API}/files"),
            ("GET", f"{API}/files/{{sha256}}"),
            ("GET", f"{API}/activities"),
            ("GET", f"{API}/activities/{{activity_id}}"),
            ("PATCH", f"{API}/activities/{{activity_id}}"),
            ("GET", f"{API}/activities/{{activity_id}}/original"),
            ("GET", f"{API}/weeks"),
            ("GET", f"{API}/weeks/{{week}}"),
            ("GET", f"{API}/plan"),
            ("GET", f"{API}/plan/versions"),
            ("GET", f"{API}/plan/versions/{{version}}"),
            ("GET", f"{API}/check-ins"),
            ("POST", f"{API}/check-ins"),
            ("GET", f"{API}/nudges"),
        ),
        TOKEN,
    ),
}


def routed() -> set[tuple[str, str]]:
    routes = [route for group in (*_GROUPS, health.router) for route in group.routes]
    routes += [route for route in _bare().routes if isinstance(route, APIRoute)]
    return {(method, route.path) for route in routes for method in route.methods}


def test_every_route_has_a_rule_and_every_rule_a_route():
    assert set(RULES) == routed()


@pytest.fixture
def everybody(world) -> dict:
    """A browser for each of those that a rule names, Ada last."""
    found = {"nobody": world.browser(), "person": _browser(world, _account_of(world, world.person("Bo")))}
    for name, role in (
        ("administrator", Role.ADMINISTRATOR),
        ("ended", Role.CLINICIAN),
        ("stranger", Role.CLINICIAN),
        ("clinician", Role.CLINICIAN),
    ):
        found[name] = _browser(world, _made(world, name, role))
    found["owner"] = _browser(world, _account_of(world, world.person("Ada")))
    return found


def _made(world, name: str, role: Role) -> int:
    with writing(world.app.engine, None) as session:
        account = Account(email=f"{name}@example.org", role=role, password_hash="none", created_at=world.now)
        session.add(account)
        session.flush()
        return key(account)


def _account_of(world, person) -> int:
    with reading(world.app.engine) as session:
        return session.exec(select(Account.id).where(Account.person_id == person.id)).one()


def _browser(world, account_id: int):
    browser = world.browser()
    browser.account_id = account_id
    _enter(world, browser)
    return browser


def _enter(world, browser) -> None:
    with writing(world.app.engine, None) as session:
        token = entrance.enter(session, session.get_one(Account, browser.account_id), "", world.now)
        browser.csrf = entrance.recognised(session, token, world.now).csrf
    browser.client.cookies.set("coach", token)


@pytest.fixture
def rows(world, everybody) -> dict[str, str]:
    """Of Ada's, each under the beginning of the paths that name it, with all of its fields filled in."""
    ada, home = everybody["owner"], world.app.settings
    with reading(world.app.engine) as session:
        account = session.get_one(Account, ada.account_id)
        session.expunge(account)
    person = next(each for each in _persons(world) if each.id == account.person_id)
    walk = world.walk(person)
    with writing(world.app.engine, None) as session:
        clinician, ended = (session.get_one(Account, everybody[name].account_id) for name in ("clinician", "ended"))
        for each in (clinician, ended):
            inviting.accept(session, inviting.invite(session, person, each.email, world.now), each, world.now)
        inviting.end(session, key(person), key(ended), world.now)
        invitation = inviting.invite(session, person, "stranger@example.org", world.now)
        session.flush()
        waiting = session.exec(select(CareInvitation.id).where(CareInvitation.used_at == None)).one()  # noqa: E711
        excusal = excusals.add(session, key(person), Excusal(ExcusalKind.ILLNESS, date(2026, 6, 4)), None, world.now)
        sealed = open_secrets(home).seal("https://127.0.0.1/")
        channels.add(session, key(person), "webhook", sealed, "mine", world.now)
        token = key(issue(session, key(person), "watch", ["read"], 30, world.now).row)
        note = CareNote(person_id=key(person), account_id=key(clinician), who="Dr", at=world.now, text="Well.")
        session.add(note)
        session.flush()
        noted = key(note)
        reset = open_invitations(home).token(for_account(session, account, world.now))
    by_hand = world.walk(person, 5, world.now)
    return {
        "/sessions": str(walk),
        "/log": str(by_hand),
        "/check-in": str(excusal),
        CHANNELS: "1",
        f"{ACCOUNT}/tokens": str(token),
        f"{ACCOUNT}/clinicians/invitations": str(waiting),
        f"{ACCOUNT}/clinicians": str(everybody["clinician"].account_id),
        f"{ACCOUNT}/browsers": _name_of(ada),
        "/people": str(key(person)),
        NOTES: str(noted),
        "/accounts": str(everybody["person"].account_id),
        "/care": invitation,
        "/join": reset,
        API: "1",
    }


def _name_of(browser) -> str:
    import hashlib

    return hashlib.sha256(browser.client.cookies["coach"].encode()).hexdigest()[:16]


def _persons(world):
    from coach.store import people

    with reading(world.app.engine) as session:
        session.expire_on_commit = False
        return list(people.everybody(session))


_FIELDS = {
    "week": "2026-W23",
    "version": "1",
    "kind": "flare",
    "subject:path": "2026-06-04",
    "code": "R1",
    "size": "192",
}


def _filled(path: str, rows: dict[str, str]) -> str:
    row = next((rows[each] for each in sorted(rows, key=len, reverse=True) if path.startswith(each)), "")
    path = path.replace("{person_id}", rows["/people"])
    for name, value in _FIELDS.items():
        path = path.replace(f"{{{name}}}", value)
    for name in ("number", "name", "path", "token", "activity_id", "sha256"):
        path = path.replace(f"{{{name}}}", row)
    assert "{" not in path, "a field that nobody fills in"
    return path


def _what(browser, method: str, path: str) -> Can:
    form = (
        {"csrf": browser.csrf, "once": "n" * 12, "from": "1"} if hasattr(browser, "csrf") and method != "GET" else None
    )
    answer = browser.client.request(method, path, data=form, follow_redirects=False)
    where = answer.headers.get("location", "")
    assert answer.status_code < 500, answer.text
    if answer.status_code == 401 or (where.startswith("/sign-in") and method == "GET"):
        return Can.SIGN_IN
    if where in {"/welcome", "/caseload", "/accounts"} and path != where:
        return Can.GO
    return {403: Can.NOT, 404: Can.NOTHING, 410: Can.NOT}.get(answer.status_code, Can.DO)


@pytest.mark.parametrize(("method", "path"), sorted(RULES))
def test_who_may(world, everybody, rows, method, path):
    rule = RULES[method, path]
    filled = _filled(path, rows)
    found = {name: _what(browser, method, filled) for name, browser in everybody.items()}
    assert found == {name: getattr(rule, name) for name in found}


def test_an_account_that_is_nobodys_any_more_sees_nothing(world, everybody, rows):
    browser = everybody["clinician"]
    with writing(world.app.engine, None) as session:
        account = session.get_one(Account, browser.account_id)
        account.role = Role.PERSON
        session.add(account)
    browser.open(f"/people/{rows['/people']}", 404)
    browser.open("/caseload", 404)
