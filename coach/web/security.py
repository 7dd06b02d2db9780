"""Who comes in with this account: its password, its second step, and the browsers where it is signed in."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Response
from markupsafe import Markup

from coach.accounts import entrance, passwords, second_factor
from coach.errors import NotFoundError
from coach.store import accounts
from coach.store.access import What, note
from coach.store.accounts import Account, SignIn
from coach.web.confirming import my_account, raw, unconfirmed
from coach.web.forms import Form, Keeping, keeping
from coach.web.moments import day_in_words, moment_in_words
from coach.web.visit import COOKIE, Someones, Visit
from config.secrets import open_secrets

router: Final = APIRouter()

_PASSWORD: Final = "/account/password"  # noqa: S105  (a path)
_SECOND: Final = "/account/second-step"
_BROWSERS: Final = "/account/browsers"
_WRONG: Final = 422
# Enough of a hash to tell one's own browsers apart.
_NAME_LENGTH: Final = 16
_QR_SCALE: Final = 6


@router.get(_PASSWORD)
def password_asked(visit: Someones) -> Response:
    return visit.page("password.html.j2", email=my_account(visit).email, wrong=None)


@router.post(_PASSWORD)
def password_changed(visit: Someones, form: Form) -> Response:
    account, password = my_account(visit), raw(form, "password")
    faults = passwords.faults(password, raw(form, "repeated"), account.email)
    if (fault := unconfirmed(visit, form) or next(faults, None)) is not None:
        wrong = visit.say(fault, least=passwords.LEAST)
        return visit.page("password.html.j2", _WRONG, email=account.email, wrong=wrong)
    hashed = passwords.hashed(password)
    with keeping(visit, form, "/account") as kept:
        mine = kept.session.get_one(Account, visit.account_id)
        entrance.change_password(kept.session, mine, hashed, but=_here(visit))
        _note(kept, mine, What.PASSWORD_CHANGED, visit)
        kept.lines.append(visit.say("security.password_noted"))
    return visit.to(kept.address)


@router.get(_SECOND)
def second_step(visit: Someones) -> Response:
    return _second(visit, my_account(visit))


@router.post(_SECOND)
def second_step_on(visit: Someones, form: Form) -> Response:
    """A code shows that the app has the secret; only then it is asked for."""
    known, account = open_secrets(visit.app.settings), my_account(visit)
    secret = second_factor.taken_up(account, form.text("offered"), known)
    if account.sealed_factor is not None or secret is None:
        return visit.to(_SECOND)
    step = second_factor.step_of(secret, form.text("code"), visit.now)
    if (fault := unconfirmed(visit, form)) is not None or step is None:
        return _second(visit, account, secret, fault or "security.wrong_code")
    with keeping(visit, form, _SECOND) as kept:
        mine = kept.session.get_one(Account, visit.account_id)
        codes = second_factor.turn_on(mine, secret, step, known)
        _note(kept, mine, What.SECOND_STEP_ON, visit)
        accounts.sign_out_everywhere(kept.session, visit.account_id, but=_here(visit))
        kept.session.add(mine)
    return _codes(visit, codes)


@router.post(_SECOND + "/codes")
def new_codes(visit: Someones, form: Form) -> Response:
    account = my_account(visit)
    if account.sealed_factor is None:
        return visit.to(_SECOND)
    if (fault := unconfirmed(visit, form)) is not None:
        return _second(visit, account, wrong=fault)
    with keeping(visit, form, _SECOND) as kept:
        mine = kept.session.get_one(Account, visit.account_id)
        codes = second_factor.renew(mine)
        _note(kept, mine, What.CODES_RENEWED, visit)
        kept.session.add(mine)
    return _codes(visit, codes)


@router.post(_SECOND + "/off")
def second_step_off(visit: Someones, form: Form) -> Response:
    if (fault := unconfirmed(visit, form)) is not None:
        return _second(visit, my_account(visit), wrong=fault)
    with keeping(visit, form, "/account") as kept:
        mine = kept.session.get_one(Account, visit.account_id)
        second_factor.turn_off(mine)
        _note(kept, mine, What.SECOND_STEP_OFF, visit)
        accounts.sign_out_everywhere(kept.session, visit.account_id, but=_here(visit))
        kept.session.add(mine)
        kept.lines.append(visit.say("security.second_off_noted"))
    return visit.to(kept.address)


def _note(kept: Keeping, mine: Account, what: What, visit: Visit) -> None:
    note(kept.session, what, mine.person_id, visit.now, of_account=mine.id)


def _second(visit: Visit, account: Account, secret: bytes | None = None, wrong: str | None = None) -> Response:
    sentence, status = (visit.say(wrong), _WRONG) if wrong else (None, 200)
    if account.sealed_factor is not None:
        left = len(account.recovery)
        return visit.page("second_step_on.html.j2", status, email=account.email, left=left, wrong=sentence)
    secret = secret or second_factor.new_secret()
    return visit.page(
        "second_step.html.j2",
        status,
        email=account.email,
        picture=_picture(visit, second_factor.uri(secret, account.email)),
        letters=second_factor.spelled(secret),
        offered=second_factor.offered(account, secret, open_secrets(visit.app.settings)),
        wrong=sentence,
    )


def _codes(visit: Visit, codes: tuple[str, ...]) -> Response:
    """On this answer alone: only their hashes are kept."""
    return visit.page("recovery.html.j2", codes=codes)


def _picture(visit: Visit, uri: str) -> Markup:
    """Dark on light in either scheme: that is what cameras read."""
    import segno

    title, told = visit.say("security.qr"), visit.say("security.qr_told")
    drawn = segno.make(uri, error="m", micro=False).svg_inline(
        scale=_QR_SCALE, light="#fff", title=title, desc=told, svgclass="qr", omitsize=True
    )
    return Markup(drawn)  # noqa: S704  (segno escapes the texts)


@dataclass(frozen=True, slots=True)
class Browser:
    name: str
    what: str
    since: str
    seen: str
    is_this: bool


@router.get(_BROWSERS)
def browsers(visit: Someones) -> Response:
    with visit.reading() as session:
        found = [_browser(visit, each) for each in accounts.sign_ins(session, visit.account_id, visit.now)]
    return visit.page("browsers.html.j2", browsers=found)


@router.post(_BROWSERS + "/sign-out")
def signed_out_elsewhere(visit: Someones, form: Form) -> Response:
    """Everywhere but here; with `here` here as well."""
    everywhere = form.text("here") == "yes"
    with keeping(visit, form, _BROWSERS) as kept:
        accounts.sign_out_everywhere(kept.session, visit.account_id, but=None if everywhere else _here(visit))
        kept.lines.append(visit.say("security.signed_out_elsewhere"))
    return _gone(visit) if everywhere else visit.to(kept.address)


@router.post(_BROWSERS + "/{name}/sign-out")
def one_signed_out(visit: Someones, name: str, form: Form) -> Response:
    with keeping(visit, form, _BROWSERS) as kept:
        mine = accounts.sign_ins(kept.session, visit.account_id, visit.now)
        found = next((each for each in mine if _name(each) == name), None)
        if found is None:
            raise NotFoundError(name)
        accounts.sign_out(kept.session, found.token_sha256)
        kept.lines.append(visit.say("security.signed_out", what=found.browser))
    return _gone(visit) if found.token_sha256 == _here(visit) else visit.to(kept.address)


def _browser(visit: Visit, row: SignIn) -> Browser:
    return Browser(
        name=_name(row),
        what=row.browser if row.browser != "?" else visit.say("security.some_browser"),
        since=day_in_words(visit, row.created_at),
        seen=moment_in_words(visit, row.seen_at),
        is_this=row.token_sha256 == _here(visit),
    )


def _name(row: SignIn) -> str:
    return row.token_sha256[:_NAME_LENGTH]


def _here(visit: Visit) -> str:
    return visit.who.token_sha256 if visit.who is not None else ""


def _gone(visit: Visit) -> Response:
    answer = visit.to("/sign-in")
    answer.delete_cookie(COOKIE, path=visit.site.root or "/")
    return answer
