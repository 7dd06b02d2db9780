"""An import with worker processes, killed: nothing is half there, and no worker stays behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from coach.demo import sessions
from devices.fit.write import write
from scheduler.clock import utc_now

IMPORT = """
import sys
from pathlib import Path
from coach.appraisal import appraise
from coach.workers import in_processes

if __name__ == "__main__":
    data = Path(sys.argv[1]).read_bytes()
    for number, _ in in_processes(appraise, ((n, data) for n in range(10**6)), 2):
        print(number, flush=True)
"""
PATIENCE_S = 20


def test_workers_go_with_their_parent(tmp_path: Path):
    (tmp_path / "walk.fit").write_bytes(write(sessions.walk(utc_now(), 3)))
    (tmp_path / "import.py").write_text(IMPORT)
    parent = subprocess.Popen(
        [sys.executable, tmp_path / "import.py", tmp_path / "walk.fit"], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    assert parent.stdout.readline() == "0\n"
    workers = _children(parent.pid)
    assert len(workers) >= 2
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    until = time.monotonic() + PATIENCE_S
    while any(map(_lives, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_lives, workers))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _lives(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
