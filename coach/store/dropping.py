"""When kept weeks are dropped: by triggers, so that nobody who writes can forget it.

A judgement never looks ahead, so a row bears on weeks from a moment on: `BEARS` says from which, and whose they are.
Whatever is written, changed or deleted, the database drops what is kept of that person's weeks that reach past that
moment. A new table with something of a person belongs either there or in `BEARS_NOT`; a test asks for it.

The triggers are made anew with each migration. Who changes `BEARS` adds one, if only an empty one.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection, inspect

KEPT: Final = "kept_week"


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
    "sign_answers": "what they lock is in plan_lock",
    "step_choice": "it says what is offered next; what was accepted is a plan_version",
    "nudge_preference": "it says what is told, not what was done",
    "answered_link": "what it answered has a row of its own",
    "person_channel": "it says where they are told",
    "account": "it says who may look",
    "access_token": "it says which programs may ask",
    "care": "it says who looks after them",
    "care_invitation": "it says whom they asked to",
    "access_log": "it says who has looked",
    "care_note": "it is read, and judges nothing",
}


def create(connection: Connection) -> None:
    """For the tables that are there."""
    tables = inspect(connection).get_table_names()
    if KEPT in tables:
        for table in BEARS.keys() & set(tables):
            for event in _EVENTS:
                for statement in _trigger(connection.dialect.name, table, event):
                    connection.exec_driver_sql(statement)


def drop(connection: Connection) -> None:
    """A table cannot be made anew, as SQLite changes one, while a trigger of another names it."""
    for table in BEARS.keys() & set(inspect(connection).get_table_names()):
        for event in _EVENTS:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_name(table, event)}")
            else:
                connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {_name(table, event)} CASCADE")


_EVENTS: Final[Mapping[str, tuple[str, ...]]] = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
"""What happens to a row, and which of its states bear."""


def _name(table: str, event: str) -> str:
    return f"{KEPT}_by_{table}_{event.lower()}"


def _trigger(dialect: str, table: str, event: str) -> Iterator[str]:
    name, on = _name(table, event), f"AFTER {event} ON {table}"
    if dialect == "sqlite":
        yield f"CREATE TRIGGER {name} {on} BEGIN {_body(table, event, _SQLITE)} END"
        return
    body = f"BEGIN {_body(table, event, _POSTGRESQL)} RETURN NULL; END"
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


def _body(table: str, event: str, written: _Dialect) -> str:
    bearing = BEARS[table]
    on_all = bearing.since is None or (bearing.on_all_at_first and event != "UPDATE")
    return " ".join(_dropped(bearing, row, written, on_all=on_all) for row in _EVENTS[event])


def _dropped(bearing: Bearing, row: str, written: _Dialect, *, on_all: bool) -> str:
    person = bearing.person.format(row=row)
    begun = f"{written.first.format(person=person)}DELETE FROM {KEPT} WHERE person_id = {person}"  # noqa: S608
    if on_all or bearing.since is None:
        return f"{begun};"
    since = bearing.since.format(row=row, least=written.least)
    if bearing.is_day:
        return f"{begun} AND monday > {written.week_before.format(day=since)};"
    return f"{begun} AND until > {since};"
