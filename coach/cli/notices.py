"""What a person has to know whatever they came for: an address of theirs that refuses what is sent to it."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from coach.app import opened
from coach.signs import visible
from coach.store.engine import only_reads

# Plain SQL, after every command: the outbox's own functions cost more to load than this costs to ask.
_REFUSED = text(
    "SELECT DISTINCT person.email, suspended_address.reason, NULL FROM suspended_address "
    "JOIN person ON person.email = suspended_address.address "
    "UNION ALL "
    "SELECT person_channel.label, suspended_address.reason, person_channel.number FROM suspended_address "
    "JOIN person_channel ON person_channel.channel = suspended_address.channel "
    "AND CAST(person_channel.id AS VARCHAR) = suspended_address.address "
    "ORDER BY 1 LIMIT 5"
)
_MEND_MAIL = "`coach setup --email ADDRESS` sets another, or tries the same once more."
_MEND_OWN = "`coach channels test {}` tries it once more."


def tell() -> None:
    """On stderr, one line an address. Whatever keeps it from being known keeps nobody from their command."""
    app = opened()
    if app is None:
        return
    try:
        with only_reads(app.engine).connect() as connection:
            refused = connection.execute(_REFUSED).all()
    except (SQLAlchemyError, OSError):
        return
    if refused:
        from coach.cli.output import err

        for address, reason, number in refused:
            mend = _MEND_MAIL if number is None else _MEND_OWN.format(number)
            err.print(
                f"Nothing reaches {visible(address)} any more: it was refused ({visible(reason)}). {mend}",
                soft_wrap=True,
            )
