"""What is for who runs the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.shapes.figures import instant

if TYPE_CHECKING:
    from coach.checkup import Finding
    from coach.retention import Kept
    from coach.shapes.figures import Shape
    from coach.store.access import AccessLog
    from coach.store.accounts import Account
    from coach.store.tables import Person
    from coach.store.tokens import AccessToken


def finding(each: Finding) -> Shape:
    return {"about": each.about, "ok": each.ok, "needed": each.needed, "told": each.told}


def kept(each: Kept) -> Shape:
    return {
        "what": each.what,
        "setting": each.setting,
        "amount": each.amount,
        "unit": each.unit,
        "before": instant(each.before),
        "rows": each.rows,
    }


def access(row: AccessLog) -> Shape:
    return {
        "at": instant(row.at),
        "by": row.by,
        "who": row.who or None,
        "account": row.account_id,
        "what": row.what,
        "person": row.person_id,
        "of_account": row.of_account_id,
    }


def account(row: Account, person: Person | None) -> Shape:
    return {
        "email": row.email,
        "person": None if person is None else person.name,
        "role": row.role,
        "second_step": row.sealed_factor is not None,
        "created_at": instant(row.created_at),
    }


def token(row: AccessToken) -> Shape:
    """Without what it is: only its hash is kept."""
    return {
        "id": row.id,
        "name": row.name,
        "scopes": list(row.scopes),
        "created_at": instant(row.created_at),
        "expires_at": instant(row.expires_at),
        "used_at": instant(row.used_at),
    }
