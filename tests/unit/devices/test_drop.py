import asyncio
import logging
import os
import shutil
import threading
import time
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from devices import drop
from devices.drop import Drop, watch

PATIENCE_S = 20


def write(path: Path, data: bytes = b"FIT") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


# What is complete.


def test_a_file_is_told_of_once_it_was_left_alone(tmp_path: Path):
    seen = Drop(tmp_path)
    path = write(tmp_path / "a.fit")
    assert (seen.look(0), seen.waits) == ([], True)
    assert (seen.look(4.9), seen.waits) == ([], True)
    assert (seen.look(5), seen.waits) == ([path], False)
    assert seen.look(100) == []


def test_a_file_that_keeps_changing_is_waited_for(tmp_path: Path):
    seen, path = Drop(tmp_path), tmp_path / "a.fit"
    for second in range(100):
        write(path, bytes(second + 1))
        assert seen.look(second) == []
    assert seen.look(103.9) == []
    assert seen.look(104) == [path]


def test_the_time_counts_as_well_as_the_size(tmp_path: Path):
    seen, path = Drop(tmp_path), write(tmp_path / "a.fit")
    seen.look(0)
    os.utime(path, ns=(1, 1))
    assert seen.look(5) == []
    assert seen.look(10) == [path]


def test_a_file_that_changes_later_is_told_of_again(tmp_path: Path):
    seen, path = Drop(tmp_path, settled_s=0), write(tmp_path / "a.fit")
    assert seen.look(0) == [path]
    write(path, b"longer")
    assert seen.look(1) == [path]


def test_a_file_that_goes_and_comes_is_told_of_again(tmp_path: Path):
    seen, path = Drop(tmp_path, settled_s=0), write(tmp_path / "a.fit")
    os.utime(path, ns=(1, 1))
    assert seen.look(0) == [path]
    path.rename(tmp_path / "b")
    assert seen.look(1) == []
    (tmp_path / "b").rename(path)
    assert seen.look(2) == [path]


def test_what_could_not_be_taken_comes_again(tmp_path: Path):
    seen = Drop(tmp_path, settled_s=0)
    first, second = write(tmp_path / "a.fit"), write(tmp_path / "b.fit")
    assert seen.look(0) == [first, second]
    seen.again([second])
    assert seen.look(1) == [second]


def test_what_is_looked_for(tmp_path: Path):
    outside = write(tmp_path / "outside" / "x.fit")
    folder = tmp_path / "drop"
    wanted = [write(folder / name) for name in ("a.FIT", "b.fit.gz", "c.zip", "sub/deep/d.fit")]
    for name in ("notes.txt", "e.fit.part", ".f.fit", "._g.fit", "h.fit~"):
        write(folder / name)
    write(folder / "placeholder.fit", b"")
    os.mkfifo(folder / "pipe.fit")
    (folder / "link.fit").symlink_to(outside)
    (folder / "linked").symlink_to(outside.parent)
    assert Drop(folder, settled_s=0).look(0) == wanted
    assert Drop(tmp_path / "none").look(0) == []


# Watching.


class Taken:
    """Notes what it is handed, and stops after so many."""

    def __init__(self, enough: int, later: Collection[str] = ()) -> None:
        self.paths: list[Path] = []
        self.content: list[bytes] = []
        self.stop = asyncio.Event()
        self._enough, self._later = enough, list(later)

    async def __call__(self, paths: Sequence[Path]) -> list[Path]:
        self.paths += paths
        self.content += [path.read_bytes() for path in paths]
        if len(self.paths) >= self._enough:
            self.stop.set()
        later = [path for path in paths if path.name in self._later]
        for path in later:
            self._later.remove(path.name)
        return later


def watched(folder: Path, enough: int, meanwhile=lambda: None, settled_s: float = 0.5, **options) -> Taken:
    async def run() -> Taken:
        taken = Taken(enough, **options)
        doing = threading.Thread(target=meanwhile)
        doing.start()
        await asyncio.wait_for(watch(folder, taken, taken.stop, settled_s=settled_s), PATIENCE_S)
        doing.join()
        return taken

    return asyncio.run(run())


def test_what_lies_there_at_the_start_is_taken(tmp_path: Path):
    path = write(tmp_path / "a.fit")
    assert watched(tmp_path, 1).paths == [path]
    assert path.exists()


@pytest.mark.thorough
def test_a_file_that_is_written_slowly_is_taken_once_and_whole(tmp_path: Path):
    data = os.urandom(4_000)

    def copy() -> None:
        with (tmp_path / "slow.fit").open("wb") as file:
            for part in range(0, len(data), 500):
                file.write(data[part : part + 500])
                file.flush()
                time.sleep(0.4)
        time.sleep(2)
        write(tmp_path / "z-last.fit")

    taken = watched(tmp_path, 2, copy, settled_s=1.5)
    assert [path.name for path in taken.paths] == ["slow.fit", "z-last.fit"]
    assert taken.content[0] == data


def test_a_folder_that_is_not_there_is_made_and_one_that_is_moved_in_is_seen(tmp_path: Path):
    folder, ready = tmp_path / "not" / "yet", write(tmp_path / "ready" / "a.fit").parent

    def move() -> None:
        while not folder.is_dir():
            time.sleep(0.05)
        time.sleep(1)
        shutil.move(ready, folder / "moved")

    assert watched(folder, 1, move).paths == [folder / "moved" / "a.fit"]


@pytest.mark.thorough
def test_what_is_given_back_comes_again_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drop, "RESCAN_S", 1)
    path = write(tmp_path / "a.fit")
    assert watched(tmp_path, 2, later=["a.fit"]).paths == [path, path]


@pytest.mark.thorough
def test_a_folder_that_cannot_be_watched_is_told_of_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(drop, "RESCAN_S", 0.5)
    folder = write(tmp_path / "drop", b"a file")

    def mend() -> None:
        time.sleep(1.2)
        folder.unlink()
        write(folder / "a.fit")

    with caplog.at_level(logging.WARNING):
        assert watched(folder, 1, mend).paths == [folder / "a.fit"]
    assert "cannot be watched: File exists. It is tried again." in caplog.text


def test_it_stops_at_once(tmp_path: Path):
    async def run() -> float:
        stop = asyncio.Event()
        watching = asyncio.create_task(watch(tmp_path, Taken(1), stop))
        await asyncio.sleep(1.5)
        began = time.monotonic()
        stop.set()
        await watching
        return time.monotonic() - began

    assert asyncio.run(run()) < 1
