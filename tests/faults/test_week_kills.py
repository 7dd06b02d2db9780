"""Kill -9 of whoever there is, PostgreSQL too, all through a week: it ends as a week in which nobody was killed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from random import Random

import aftermath
import lives
import pytest
from aftermath import Aftermath
from disturbed import CLIENT, PROCESSES, SERVER, Clinic, Kill, Mailbox

# Each with how many people: scaled for `make check`, and whole.
SCALED, WHOLE = (2, 8), (12, 100)
# Where it does not wait for a letter, in that time most of what there is at a moment is done; a letter takes 0.04 s.
LATEST_S, IN_A_LETTER_S = 0.4, 0.06
# Letters at a time (`scheduler.carrying`), each of which may hold what is due within half an hour.
IN_FLIGHT = 4
MERGED = 2


def kills(kind: str, persons: int, number: int) -> list[Kill]:
    """Everybody's turn comes, at moments at which there is something to do."""
    chance = Random(20260601)
    whom = [*PROCESSES[kind], CLIENT, *([SERVER] if kind == "postgresql" else [])]
    moments = sorted({*lives.looks(), *(each.at for each in lives.events(persons))})
    return [_kill(chance, chance.choice(moments), whom[n % len(whom)]) for n in range(number)]


def _kill(chance: Random, at: datetime, whom: str) -> Kill:
    """Of those without whom no letter comes, mostly while one does."""
    in_a_letter = whom in {"the service", "the scheduler", SERVER} and chance.random() < 0.7
    return Kill(at, whom, chance.uniform(0, IN_A_LETTER_S if in_a_letter else LATEST_S), in_a_letter)


@dataclass(frozen=True)
class World:
    folders: pytest.TempPathFactory
    mail_server: Callable
    port: int

    def lived(self, url: str, persons: int, number: int, server=None) -> Aftermath:
        folder, mailbox = self.folders.mktemp("week"), Mailbox()
        with self.mail_server(mailbox) as mail, Clinic(folder, url, self.port, mail, mailbox, server) as clinic:
            clinic.people(persons)
            clinic.start()
            clinic.live(lives.events(persons), kills(clinic.kind, persons, number))
            clinic.stop()
            log = clinic.log.read_text(encoding="utf-8", errors="replace")
            assert "Traceback" not in log, log[log.index("Traceback") - 2000 :]
            return aftermath.left(clinic.engine, mailbox.came)


@pytest.fixture
def tabled(table) -> Callable[[tuple[str, ...]], None]:
    head = "kills -9 | of whom | activities | lost or doubled | nudges | lost | taken up again | repeated | unknown"
    return table("weeks under kills", head)


@pytest.fixture
def world(tmp_path_factory, mail_server, free_port) -> World:
    return World(tmp_path_factory, mail_server, free_port)


@pytest.fixture(scope="module")
def undisturbed() -> dict[int, Aftermath]:
    """By the number of people, once one such week has been lived."""
    return {}


@contextmanager
def database(backend: str, request) -> Iterator[tuple[str, object]]:
    """One of which what is committed stays, and the server to kill where there is one."""
    server = request.getfixturevalue("own_postgresql") if backend == "postgresql" else None
    with (server or request.getfixturevalue("sqlite_databases")).copy() as url:
        yield url, server


@pytest.mark.parametrize(
    ("persons", "number"), [SCALED, pytest.param(*WHOLE, marks=pytest.mark.slow)], ids=["scaled", "whole"]
)
def test_a_week_of_kills_ends_as_one_without(world, undisturbed, backend, request, tabled, persons, number):
    if persons not in undisturbed:
        with database("sqlite", request) as (url, _):
            undisturbed[persons] = world.lived(url, persons, 0)
    with database(backend, request) as (url, server):
        found = world.lived(url, persons, number, server)
    figures = aftermath.hold(
        found, undisturbed[persons], lives.events(persons), most_repeats=number * IN_FLIGHT * MERGED
    )
    everybody = ", ".join(dict.fromkeys(each.whom for each in kills(backend, persons, number)))
    counts = (figures.activities, 0, figures.nudges, 0, found.again, figures.repeated, figures.unknown)
    tabled((f"{number}, {backend}", everybody, *map(str, counts)))
