"""What a person has to know whatever they came for: an address of theirs that refuses what is sent to it."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from coach.app import opened
from coach.signs import visible

# Plain SQL, after every command: the outbox's own functions cost more to load than this costs to ask.
_REFUSED = text(
    "SELECT DISTINCT person.email, suspended_address.reason FROM suspended_address "
    "JOIN person ON person.email = suspended_address.address ORDER BY person.email LIMIT 5"
)


def tell() -> None:
    """On stderr, one line an address. Whatever keeps it from being known keeps nobody from their command."""
    app = opened()
    if app is None:
        return
    try:
        with app.engine.execution_options(coach_only_reads=True).connect() as connection:
            refused = connection.execute(_REFUSED).all()
    except (SQLAlchemyError, OSError):
        return
    if refused:
        from coach.cli.output import err

        for address, reason in refused:
            err.print(
                f"Nothing reaches {visible(address)} any more: it was refused ({visible(reason)}). "
                "`coach setup --email ADDRESS` sets another, or tries the same once more.",
                soft_wrap=True,
            )
