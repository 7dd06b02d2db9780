"""Who writes says whose rows: what is read, and then written by what was read, must not change in between."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[3]

NOBODYS = {
    "coach/ahead.py": "letters of several persons, each of whom is held, or whose row is gone if anything changed",
    "coach/care/digest.py": "a letter to an account, and lines of logs, which nobody reads and changes",
    "coach/cli/accounts.py": "an account",
    "coach/cli/demo.py": "a person who is not there yet",
    "coach/cli/live_demo.py": "likewise",
    "coach/cli/setup.py": "likewise, where it is a new one",
    "coach/service.py": "an address to which messages go again",
    "coach/backups/taking.py": "a line of the log",
    "coach/retention.py": "likewise",
    "coach/rotating.py": "what is sealed, anew: nobody changes it, but for who sets it up anew",
    "coach/store/letting_go.py": "what has been kept for long enough, whoever's; nobody reads and changes it",
    "coach/web/care.py": "an account",
    "coach/web/caseload.py": "that many were looked at: lines of a log, which nobody reads and changes",
    "coach/web/signing_in.py": "accounts, and browsers that are signed in",
    "coach/web/visit.py": "likewise",
}
"""Where something is written that is no person's, and what."""

OPENS_ITSELF = {
    "coach/store/engine.py": "here `writing` is made",
    "coach/store/people.py": "`changing`: whose it is is known once they are found by name",
    "coach/store/copying.py": "into a database that nobody else knows",
    "coach/store/moving.py": "into a database that nobody else uses yet",
    "scheduler/outbox.py": "nudges that are there already stay as they are",
    "coach/store/sweeps.py": "the sweep's row is held",
    "scheduler/queue_sqlite.py": "tasks that a worker holds by their leases",
    "scheduler/queue_postgresql.py": "procrastinate's, in its own functions",
    "scheduler/transactions.py": "rows that a sweep holds by their leases",
}
"""Where a transaction is begun without `writing`, and why none is lost there."""


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for package in ("coach", "scheduler"):
        for path in (PROJECT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                name = path.relative_to(PROJECT).as_posix()
                tree = ast.parse(path.read_text(encoding="utf-8"))
                yield from ((name, each) for each in ast.walk(tree) if isinstance(each, ast.Call))


def test_nobodys_is_said_where_it_is_nobodys():
    written = [(name, call) for name, call in _calls() if ast.unparse(call.func) == "writing"]
    assert {name for name, call in written if "None" in ast.unparse(call.args[1])} == set(NOBODYS)


def test_transactions_that_write_are_begun_by_writing():
    begun = {name for name, call in _calls() if ast.unparse(call).endswith((".begin()", ".begin_nested()"))}
    assert begun == set(OPENS_ITSELF)
