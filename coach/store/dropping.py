"""When kept weeks, and letters worded ahead, are dropped: by triggers, so that nobody who writes can forget it.

A judgement never looks ahead, so a row bears on weeks from a moment on: `BEARS` says from which, and whose they are.
Whatever is written, changed or deleted, the database drops what is kept of that person's weeks that reach past that
moment. Their letters it drops in any case, and also with what bears on letters alone (`ON_LETTERS`). A new table with
something of a person belongs to these or into `BEARS_NOT`; a test asks for it.

The triggers are made anew with each migration. Who changes `BEARS` adds one, if only an empty one.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection, inspect

KEPT: Final = "kept_week"
LETTERS: Final = "worded_letter"


class Bearing(NamedTuple):
    """SQL over a row, written `{row}`: from when on it bears on weeks, and whose they are.

    Attributes:
        since: a moment, or a local day where `is_day`; None: it bears on all there are.
        on_all_at_first: so it does when it comes or goes; changed, only from `since` on.
    """

    since: str | None
    person: str = "{row}.person_id"
    is_day: bool = False
    on_all_at_first: bool = False


_OF_ACTIVITY: Final = "(SELECT {what} FROM activity WHERE activity.id = {{row}}.activity_id)"
_BEGAN: Final = _OF_ACTIVITY.format(what="started_at")
_WITH_ACTIVITY: Final = Bearing(_BEGAN, _OF_ACTIVITY.format(what="person_id"))

BEARS: Final[Mapping[str, Bearing]] = {
    "person": Bearing(None, "{row}.id"),  # their zone says where weeks begin
    "plan_version": Bearing("{row}.starts_on", is_day=True),
    "activity": Bearing("{row}.started_at"),
    "activity_totals": _WITH_ACTIVITY,
    "activity_effort": _WITH_ACTIVITY,
    "activity_label": _WITH_ACTIVITY,
    # What was not heard of by the last contact may have been done; with the next one it is known.
    "contact": Bearing("{row}.at", on_all_at_first=True),
    "check_in": Bearing(f"{{least}}({{row}}.at, coalesce({_BEGAN}, {{row}}.at))"),
    "plan_lock": Bearing("{row}.raised_at"),
    "flare": Bearing("{row}.began_at"),
    "excusal": Bearing("{row}.first_day", is_day=True),
}

BEARS_NOT: Final[Mapping[str, str]] = {
    "kept_week": "it is what is dropped",
    "original": "what it holds is judged by its activities",
    "worded_letter": "it is what is dropped",
    "sign_answers": "what they lock is in plan_lock",
    "answered_link": "what it answered has a row of its own",
    "person_channel": "it says where they are told",
    "account": "it says who may look",
    "access_token": "it says which programs may ask",
    "care": "it says who looks after them",
    "care_invitation": "it says whom they asked to",
    "access_log": "it says who has looked",
    "care_note": "it is read, and judges nothing",
}

ON_LETTERS: Final[Mapping[str, str]] = {
    "step_choice": "it says what is offered next; what was accepted is a plan_version",
    "nudge_preference": "it says what is told, not what was done",
}
"""On letters alone, and why not on weeks."""


_DROPPED: Final[Mapping[str, Mapping[str, Bearing]]] = {
    KEPT: BEARS,
    LETTERS: {name: each._replace(since=None) for name, each in BEARS.items()}
    | dict.fromkeys(ON_LETTERS, Bearing(None)),
}
"""What is dropped, and by what."""


def create(connection: Connection) -> None:
    """For the tables that are there."""
    for kept, table, bearing in _there(connection):
        for event in _EVENTS:
            for statement in _trigger(connection.dialect.name, kept, table, event, bearing):
                connection.exec_driver_sql(statement)


def drop(connection: Connection) -> None:
    """A table cannot be made anew, as SQLite changes one, while a trigger of another names it."""
    for kept, table, _ in _there(connection):
        for event in _EVENTS:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_name(kept, table, event)}")
            else:
                connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {_name(kept, table, event)} CASCADE")


def _there(connection: Connection) -> Iterator[tuple[str, str, Bearing]]:
    tables = set(inspect(connection).get_table_names())
    for kept in _DROPPED.keys() & tables:
        for table in _DROPPED[kept].keys() & tables:
            yield kept, table, _DROPPED[kept][table]


_EVENTS: Final[Mapping[str, tuple[str, ...]]] = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
"""What happens to a row, and which of its states bear."""


def _name(kept: str, table: str, event: str) -> str:
    return f"{kept}_by_{table}_{event.lower()}"


def _trigger(dialect: str, kept: str, table: str, event: str, bearing: Bearing) -> Iterator[str]:
    name, on = _name(kept, table, event), f"AFTER {event} ON {table}"
    if dialect == "sqlite":
        yield f"CREATE TRIGGER {name} {on} BEGIN {_body(kept, event, bearing, _SQLITE)} END"
        return
    body = f"BEGIN {_body(kept, event, bearing, _POSTGRESQL)} RETURN NULL; END"
    yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    yield f"CREATE TRIGGER {name} {on} FOR EACH ROW EXECUTE FUNCTION {name}()"


class _Dialect(NamedTuple):
    """How the day a week before another one is written, the smaller of two, and what comes before a deletion."""

    week_before: str
    least: str
    first: str = ""


_SQLITE: Final = _Dialect("date({day}, '-7 days')", "min")
# Who keeps a person's weeks holds their row meanwhile (`coach.store.kept.hold_still`): who writes waits for it here.
_POSTGRESQL: Final = _Dialect("{day} - 7", "least", "PERFORM 1 FROM person WHERE id = {person} FOR KEY SHARE; ")


def _body(kept: str, event: str, bearing: Bearing, written: _Dialect) -> str:
    on_all = bearing.since is None or (bearing.on_all_at_first and event != "UPDATE")
    return " ".join(_deleted(kept, bearing, row, written, on_all=on_all) for row in _EVENTS[event])


def _deleted(kept: str, bearing: Bearing, row: str, written: _Dialect, *, on_all: bool) -> str:
    person = bearing.person.format(row=row)
    begun = f"{written.first.format(person=person)}DELETE FROM {kept} WHERE person_id = {person}"  # noqa: S608
    if on_all or bearing.since is None:
        return f"{begun};"
    since = bearing.since.format(row=row, least=written.least)
    if bearing.is_day:
        return f"{begun} AND monday > {written.week_before.format(day=since)};"
    return f"{begun} AND until > {since};"
