"""`coach accounts`."""

import sys
from typing import Final

from coach import shapes
from coach.accounts.entrance import tidy
from coach.accounts.invitations import for_person, open_invitations
from coach.accounts.role import Role
from coach.app import open_app
from coach.cli.output import err, out, print_json, table
from coach.cli.serving import address
from coach.errors import NotFoundError
from coach.store import accounts as stored
from coach.store import people
from coach.store.access import What, note
from coach.store.engine import reading, writing

_IN_WORDS: Final = {
    Role.PERSON: "a person's account",
    Role.CLINICIAN: "a clinician's account",
    Role.ADMINISTRATOR: "an administrator's account",
}


def listed(*, as_json: bool) -> None:
    with reading(open_app().engine) as session:
        found = stored.everybody(session)
        if as_json:
            print_json([shapes.account(account, person) for account, person in found])
        elif not found:
            out.print("Nobody has an account yet. `coach serve` prints a link that makes the first one.")
        else:
            made = table("account", "person", "role", "second step", "since")
            for account, person in found:
                name = person.name if person is not None else "–"
                second = "yes" if account.sealed_factor else "no"
                made.add_row(account.email, name, account.role, second, f"{account.created_at:%Y-%m-%d}")
            out.print(made)


def given_role(email: str, role: Role) -> None:
    app = open_app()
    with writing(app.engine, None) as session:
        account = stored.of_email(session, tidy(email))
        if account is None:
            raise NotFoundError(f"No account goes by {tidy(email)}. `coach accounts` lists them.")
        account.role = role
        note(session, What.ROLE_GIVEN, account.person_id, app.clock(), of_account=account.id)
        session.add(account)
    err.print(f"{tidy(email)} is {_IN_WORDS[role]} now.")


def link(who: str | None, *, as_json: bool) -> None:
    app = open_app()
    with people.changing(app.engine, who) as (session, person):
        invitation = for_person(session, person, app.clock())
        note(session, What.LINK_WRITTEN, person.id, app.clock())
    token = open_invitations(app.settings).token(invitation)
    url = address(app.settings.public_url, app.settings.listen, token)
    if as_json:
        print_json({"kind": invitation.kind, "url": url, "expires_at": shapes.instant(invitation.expires_at)})
        return
    err.print("For whoever it is for, and nobody else: it lets in. Good once, for three days.")
    sys.stdout.write(f"{url}\n")
