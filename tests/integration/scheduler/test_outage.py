"""The database goes away and comes back: nothing is lost, and nothing that was told is told again."""

import threading

import pytest
from sqlalchemy.exc import OperationalError

from scheduler.tables import State


@pytest.fixture
def database_url(own_postgresql) -> str:
    own_postgresql.run("CREATE DATABASE coach")
    return own_postgresql.url("coach")


def test_a_sweep_without_a_database_fails_and_the_next_goes_on(world, own_postgresql):
    world.post(period="1")
    own_postgresql.stop(keep=True)
    with pytest.raises(OperationalError):
        world.sweep()
    own_postgresql.start()
    world.sweep()
    assert world.row()["state"] == State.SENT
    assert len(world.channel.sent) == 1


def test_what_was_sent_meanwhile_is_written_down_when_it_is_back(world, own_postgresql):
    send = world.channel.send

    async def send_and_lose(outgoing):
        answer = await send(outgoing)
        own_postgresql.stop(keep=True)
        coming.start()
        return answer

    coming = threading.Timer(0.5, own_postgresql.start)
    world.channel.send = send_and_lose
    world.post(period="1")
    world.sweep()
    coming.join()
    assert world.row()["state"] == State.SENT
    world.channel.send = send
    world.sweep()
    assert len(world.channel.sent) == 1
