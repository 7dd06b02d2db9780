"""What the databases differ in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, Table
from sqlalchemy.exc import OperationalError


class Make(Protocol):
    """An engine. One that is lasting keeps its connections for whoever comes next; one that migrates lets tables be
    made anew while others refer to them.
    """

    def __call__(self, address: URL, *, lasting: bool, migrates: bool) -> Engine: ...


@dataclass(frozen=True, slots=True)
class Backend:
    """
    Attributes:
        make: an engine at an address.
        only_reads: the options of a connection that sees one state of the database and changes nothing.
        queue: waits until nobody else changes what is this person's, or what is no person's; so until the end.
        queue_to_migrate: waits until nobody else changes the schema.
        dangles: whether rows refer to rows that are not there.
        is_sound: whether the database holds together as such.
        may_come: whether a database that could not be reached may be there in a moment.
        last_number: the last one that a table gave to a row, also if the row is gone.
        number_from: go on from there.
        advice: what to look at where it cannot be opened.
    """

    make: Make
    only_reads: Mapping[str, Any]
    queue: Callable[[Connection, int | None], object]
    queue_to_migrate: Callable[[Connection], object]
    dangles: Callable[[Connection], bool]
    is_sound: Callable[[Connection], bool]
    may_come: Callable[[OperationalError], bool]
    last_number: Callable[[Connection, Table], int]
    number_from: Callable[[Connection, Table, int], object]
    advice: str
