"""What a terminal is shown, and what goes past it."""

import os
import pty
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from coach.demo import sessions
from devices.fit.write import write


def test_the_name_of_a_device_is_no_markup(coach, ada, tmp_path):
    import dataclasses

    from devices.recording import Device

    walk = sessions.walk(datetime(2026, 6, 1, 12, tzinfo=UTC), 2)
    odd = dataclasses.replace(walk, device=Device("development", "[/bold] :run:"))
    (tmp_path / "[red]odd.fit").write_bytes(write(odd))
    assert "[red]odd.fit" in coach("import", tmp_path / "[red]odd.fit").out
    assert "[/bold] :run:" in coach("activities").out


def test_what_steers_a_terminal_is_shown_and_does_not(coach, ada, tmp_path):
    import dataclasses

    from devices.recording import Device

    walk = sessions.walk(datetime(2026, 6, 1, 12, tzinfo=UTC), 2)
    odd = dataclasses.replace(walk, device=Device("development", "\x1b[31mRed\u202e"))
    (tmp_path / "\x1b[2J\n\u202etif.fit").write_bytes(write(odd))
    (tmp_path / "\x9b1m.fit").write_bytes(b"none")
    told = coach("import", tmp_path, code=1).out + coach("activities").out + coach("import", "\x1b.fit", code=1).out
    assert not set(told) & set("\x1b\x9b\u202e")
    for name in (r"\x1b[2J\n\u202etif.fit", r"\x9b1m.fit", r"\x1b[31mRed\u202e", r"\x1b.fit does not exist."):
        assert name in told
    said = coach("plan", "--person", "\x1bBea", code=2).err
    assert r"no one called '\x1bBea'" in said


def run(*words, **kwargs):
    return subprocess.run([shutil.which("coach", path=BIN), *map(str, words)], text=True, check=False, **kwargs)


BIN = str(Path(os.sys.executable).parent)


def test_data_go_to_stdout_also_when_stderr_is_a_terminal(ada, watch):
    """`coach import DIR --json > file` in a terminal: the bar is on the screen, the lines are in the file."""
    ours, theirs = pty.openpty()
    ended = run("import", watch, "--json", stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    screen = os.read(ours, 65536).decode()
    os.close(ours)
    assert ended.returncode == 0
    assert len(ended.stdout.splitlines()) == 4
    assert "sha256" not in screen
    assert "import" in screen


def test_a_reader_that_has_enough(coach, ada, watch):
    coach("import", watch)
    listing = subprocess.Popen(
        [shutil.which("coach", path=BIN), "activities", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    listing.stdout.close()
    assert "Traceback" not in listing.stderr.read()
    listing.stderr.close()
    assert listing.wait(timeout=30) in (0, 1)
