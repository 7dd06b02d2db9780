"""Who is signed in shows once more that it is them, by their password, before something that cannot be undone."""

from typing import Final

from coach.accounts import passwords
from coach.accounts.limits import TooOftenError
from coach.store.accounts import Account
from coach.web.forms import Sent
from coach.web.visit import Visit

PRESENT: Final = "present"
"""The field that holds it."""


def unconfirmed(visit: Visit, form: Sent) -> str | None:
    """What is wrong with the password, as a text's name; None where it is right. Wrong ones count as at sign-in."""
    account = my_account(visit)
    try:
        visit.site.limits.look("account", account.email)
    except TooOftenError:
        return "fault.too_often"
    if passwords.is_right(raw(form, PRESENT), account.password_hash):
        return None
    visit.site.limits.count("account", account.email)
    return "security.wrong_password"


def my_account(visit: Visit) -> Account:
    """As it is now; not to be changed."""
    with visit.reading() as session:
        session.expire_on_commit = False
        account = session.get_one(Account, visit.account_id)
        session.expunge(account)
    return account


def raw(form: Sent, name: str) -> str:
    """As it was typed: blanks may be part of it."""
    return next(iter(form.all(name)), "")
