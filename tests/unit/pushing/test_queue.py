"""What is to go to a server, whatever is killed or cut off meanwhile."""

import os

import pytest

from coach.pushing import queue
from coach.pushing.queue import Queue, State, queue_of


@pytest.fixture
def outgoing(tmp_path) -> Queue:
    return queue_of(tmp_path, "https://coach.example.org/")


def test_a_content_waits_once(outgoing):
    first = outgoing.add("a.fit", b"content")
    assert outgoing.add("b.fit", b"content") == first
    assert outgoing.waiting() == [first]
    assert outgoing.content(first) == b"content"


def test_what_is_there_is_known_and_its_copy_gone(outgoing):
    entry = outgoing.add("a.fit", b"content")
    outgoing.settle(entry, State.THERE)
    assert outgoing.waiting() == []
    assert outgoing.add("a.fit", b"content").state is State.THERE
    assert not list(outgoing.folder.glob("*.fit"))


def test_what_is_refused_is_kept_with_its_sentence(outgoing):
    entry = outgoing.add("a.fit", b"content")
    outgoing.settle(entry, State.REFUSED, "This is no FIT file.")
    (known,) = [outgoing.add("a.fit", b"content")]
    assert (known.state, known.sentence) == (State.REFUSED, "This is no FIT file.")
    assert outgoing.content(known) == b"content"
    assert outgoing.waiting() == []


def test_each_server_has_a_queue_of_its_own(tmp_path, outgoing):
    outgoing.add("a.fit", b"content")
    assert queue_of(tmp_path, "https://coach.example.org").waiting()
    assert not queue_of(tmp_path, "https://other.example.org").waiting()
    assert outgoing.folder.parent == tmp_path / "outgoing"


@pytest.mark.parametrize("damage", ["", "{", '{"name": "a"}', '{"sha256": "", "name": "a", "state": "odd"}', "[]"])
def test_a_line_that_cannot_be_read_is_written_again(outgoing, damage):
    entry = outgoing.add("a.fit", b"content")
    (outgoing.folder / f"{entry.sha256}.json").write_text(damage)
    assert outgoing.waiting() == []
    outgoing.add("a.fit", b"content")
    assert outgoing.waiting() == [entry]


def test_without_its_copy_nothing_waits_and_it_comes_again(outgoing):
    entry = outgoing.add("a.fit", b"content")
    (outgoing.folder / f"{entry.sha256}.fit").unlink()
    assert outgoing.waiting() == []
    outgoing.add("a.fit", b"content")
    assert outgoing.content(entry) == b"content"


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("at", range(6))
def test_killed_at_any_step_it_is_there_the_next_time(outgoing, monkeypatch, call, at):
    """Wherever the disk or the machine gives up, the next time it goes on."""
    steps = iter([None] * at + [OSError("gone")])
    module, name = (os, "fsync") if call == "fsync" else (queue.Path, "replace")
    real = getattr(module, name)

    def dying(*given):
        if (error := next(steps, None)) is not None:
            raise error
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, dying)
        try:
            entry = outgoing.add("a.fit", b"content")
            outgoing.settle(entry, State.THERE)
        except OSError:
            pass
    entry = outgoing.add("a.fit", b"content")
    if entry.state is State.WAITING:
        assert outgoing.waiting() == [entry]
        assert outgoing.content(entry) == b"content"
        outgoing.settle(entry, State.THERE)
    assert outgoing.add("a.fit", b"content").state is State.THERE
