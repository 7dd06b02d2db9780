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
PATIENCE_S = 10


def test_workers_go_with_their_parent(tmp_path: Path):
    (tmp_path / "walk.fit").write_bytes(write(sessions.walk(utc_now(), 3)))
    (tmp_path / "import.py").write_text(IMPORT)
    parent = subprocess.Popen(
        [sys.executable, tmp_path / "import.py", tmp_path / "walk.fit"], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    assert parent.stdout.readline() == "0\n"
    workers = _descendants(parent.pid)
    assert len(workers) >= 2 + len(_children(parent.pid)), "the workers are forked from a child of ours"
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()  # not read to its end, which a worker that stays behind would keep from coming
    until = time.monotonic() + PATIENCE_S
    while any(map(_lives, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    stayed = [worker for worker in workers if _lives(worker)]
    for worker in stayed:
        os.kill(worker, signal.SIGKILL)
    assert not stayed


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _descendants(pid: int) -> list[int]:
    children = _children(pid)
    return [*children, *(each for child in children for each in _descendants(child))]


def _lives(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
