"""Importing one file loads what it needs and no more: a command's start is mostly modules."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.demo import sessions
from devices.fit.write import write

PROJECT = Path(__file__).parents[2]
PROGRAM = """
import sys
from coach.cli import main

sys.argv = ["coach", *sys.argv[1:]]
try:
    main()
finally:
    print(*sys.modules, sep="\\n", file=sys.stderr)
"""
BARE = "import sys, sqlmodel, numpy; print(*sys.modules)"

NEEDED = {
    *("coach", "config", "devices", "scheduler"),
    *("typer", "annotated_doc", "rich", "shellingham"),  # the command line
    *("pydantic_settings", "dotenv"),  # the settings
    *("fitparse", "fastcrc", "isal"),  # a FIT file
}
"""Packages, beside what sqlmodel and numpy load."""

SELDOM = {
    "numpy.ma": "np.median, np.nanmedian and np.quantile load it; there is coach.effort.median",
    "rich.progress": "a bar is for a terminal",
    "rich.table": "for lists",
    "rich.live": "a bar is for a terminal",
    "multiprocessing": "one file is read here",
    "concurrent.futures.process": "one file is read here",
    "devices.fit.fallback": "for what the fast lane stumbles over",
    "devices.fit.reference": "for what the fast lane stumbles over",
    "devices.fit.write": "nothing is written",
    "coach.adherence": "nothing is judged",
    "coach.judgement": "nothing is judged",
    "coach.messenger": "nothing is said",
    "coach.nudges": "nothing is said",
    "coach.summary": "nothing is said",
    "coach.plan.library": "no plan is made",
    "coach.store.told": "nothing is said of pain and the like",
    "coach.service": "nothing runs on",
    "coach.workers": "one file is read here",
    "scheduler.delivery": "nothing is sent",
    "scheduler.outbox": "nothing is sent",
    "scheduler.runner": "nothing runs on",
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    home = tmp_path_factory.mktemp("cold")
    (home / "walk.fit").write_bytes(write(sessions.walk(datetime(2026, 6, 1, 9, tzinfo=UTC), 20, hill_minutes=5)))
    environment = {"COACH_HOME": str(home / "home"), "PATH": ""}

    def coach(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *map(str, words)],
            env=environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        )

    coach("setup", "--name", "Ada", "--timezone", "Europe/Berlin", "--condition", "disc_herniation")
    imported = coach("import", home / "walk.fit")
    assert imported.stdout.startswith("stored")
    return set(imported.stderr.split())


def test_no_package_that_it_does_not_need(loaded: set[str]):
    bare = subprocess.run([sys.executable, "-c", BARE], capture_output=True, text=True, check=True).stdout.split()
    packages = {name.partition(".")[0] for name in loaded - set(bare)}
    known = NEEDED | sys.stdlib_module_names | {name.partition(".")[0] for name in bare}
    strangers = {name for name in packages - known if not name.startswith("_")}
    assert not strangers, "loads more than before: load it where it is needed, or say here what it is for"


@pytest.mark.parametrize("name", SELDOM)
def test_nothing_that_is_seldom_needed(loaded: set[str], name: str):
    assert name not in loaded, SELDOM[name]


def test_a_service_loads_the_radio_only_where_a_live_session_was_left(tmp_path):
    """Megabytes, on a machine that may have no radio."""
    program = (
        "import sys; from coach.service import open_service;"
        "open_service()._take_what_was_left(); print('bleak' in sys.modules)"
    )
    command, environment = [sys.executable, "-c", program], {**os.environ, "COACH_HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
