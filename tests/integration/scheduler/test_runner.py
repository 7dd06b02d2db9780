"""The ticker, with real seconds made small, and a real process that is told to stop."""

import asyncio
import gc
import logging
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest

from scheduler.lock import HomeLock
from scheduler.runner import Job, run

TICK = timedelta(milliseconds=20)
SOON = 5.0  # seconds; far more than any of this takes, so that a busy machine fails nothing


async def bounded(jobs, stop, **options):
    await asyncio.wait_for(run(jobs, stop, signals=False, **options), SOON)


def test_a_job_runs_at_once_and_again_and_again():
    async def scenario():
        stop, times = asyncio.Event(), 0

        async def count():
            nonlocal times
            times += 1
            if times == 3:
                stop.set()

        await bounded([Job("count", TICK, count)], stop)
        return times

    assert asyncio.run(scenario()) == 3


def test_the_first_run_does_not_wait_for_its_interval():
    async def scenario():
        stop = asyncio.Event()

        async def once():
            stop.set()

        await bounded([Job("once", timedelta(days=1), once)], stop)

    asyncio.run(scenario())


def test_an_error_is_logged_without_its_words_and_the_next_tick_goes_on(caplog):
    async def scenario():
        stop, times = asyncio.Event(), 0

        async def fail():
            nonlocal times
            times += 1
            if times == 2:
                stop.set()
            raise ValueError("Ada Lovelace")

        await bounded([Job("fail", TICK, fail)], stop)

    asyncio.run(scenario())
    assert caplog.text.count("job=fail failed: ValueError at test_runner.py:") == 2
    assert "Lovelace" not in caplog.text


def test_a_job_never_runs_twice_at_a_time_and_stop_waits_for_it():
    async def scenario():
        stop, now, most, finished = asyncio.Event(), 0, 0, 0

        async def slow():
            nonlocal now, most, finished
            now += 1
            most = max(most, now)
            stop.set()
            await asyncio.sleep(0.1)
            now -= 1
            finished += 1

        await bounded([Job("slow", TICK, slow)], stop)
        return most, finished

    assert asyncio.run(scenario()) == (1, 1)


def test_one_slow_job_does_not_hold_the_others_up():
    async def scenario():
        stop, times = asyncio.Event(), 0

        async def slow():
            await stop.wait()

        async def quick():
            nonlocal times
            times += 1
            if times == 3:
                stop.set()

        await bounded([Job("slow", TICK, slow), Job("quick", TICK, quick)], stop)
        return times

    assert asyncio.run(scenario()) >= 3


def test_a_job_that_does_not_end_is_cut_short(caplog):
    async def scenario():
        stop, cut = asyncio.Event(), False

        async def endless():
            nonlocal cut
            stop.set()
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                cut = True
                raise

        await bounded([Job("endless", TICK, endless)], stop, grace=TICK)
        return cut

    assert asyncio.run(scenario())
    (told,) = [each for each in caplog.records if "maximum number" not in each.message]
    assert "cut short" in told.message
    assert told.exc_info is None


def test_being_cancelled_stops_the_ticker_too():
    async def scenario():
        started, times = asyncio.Event(), 0

        async def count():
            nonlocal times
            times += 1
            started.set()

        running = asyncio.create_task(run([Job("count", TICK, count)], asyncio.Event(), signals=False))
        await started.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        before = times
        await asyncio.sleep(3 * TICK.total_seconds())
        return times - before

    assert asyncio.run(scenario()) == 0


PROCESS = """
    import asyncio, sys
    from datetime import timedelta
    from pathlib import Path
    from scheduler.lock import HomeLock
    from scheduler.runner import Job, run

    async def work():
        print("working", flush=True)
        await asyncio.sleep(0.2)
        print("done", flush=True)

    with HomeLock(Path(sys.argv[1])):
        asyncio.run(run([Job("work", timedelta(hours=1), work)], asyncio.Event()))
    print("bye", flush=True)
"""


@pytest.fixture
def process(tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(PROCESS), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "working\n"
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_running_job_finish(process, number):
    process.send_signal(number)

    out, err = process.communicate(timeout=SOON)
    assert (process.returncode, out, err) == (0, "done\nbye\n", "")


def test_a_second_scheduler_refuses_and_a_killed_one_leaves_no_lock(process, tmp_path):
    second = subprocess.run(process.args, capture_output=True, text=True, timeout=SOON, check=False)
    assert f"Another scheduler is already running on {tmp_path}" in second.stderr

    process.kill()
    process.wait(timeout=SOON)
    with HomeLock(tmp_path):
        pass


def test_ticks_are_not_announced(caplog):
    caplog.set_level(logging.INFO)

    async def scenario():
        stop = asyncio.Event()

        async def once():
            stop.set()

        await bounded([Job("once", TICK, once)], stop)

    asyncio.run(scenario())
    assert not [record for record in caplog.records if record.name.startswith("scheduler")]


def test_what_begins_at_the_moment_of_the_stop_is_finished_too(caplog):
    """Whichever moment that is: many are tried, of a ticker that hardly rests."""
    begun = ended = 0

    async def short():
        nonlocal begun, ended
        begun += 1
        await asyncio.sleep(0.002)
        ended += 1

    async def scenario(after_s):
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(after_s, stop.set)
        await bounded([Job(f"{number}", timedelta(milliseconds=1), short) for number in range(3)], stop)

    for number in range(60):
        asyncio.run(scenario(0.002 + number / 10_000))
    assert begun == ended
    assert [each for each in caplog.records if "maximum number" not in each.message] == []


def test_what_nobody_waits_for_is_told_in_a_line(caplog):
    async def scenario():
        stop = asyncio.Event()

        def fail():
            raise ValueError("Ada Lovelace")

        async def forgotten():
            asyncio.get_running_loop().call_soon(fail)
            asyncio.ensure_future(asyncio.to_thread(fail))  # noqa: RUF006
            await asyncio.sleep(0.1)
            stop.set()

        await bounded([Job("forgotten", timedelta(days=1), forgotten)], stop)

    asyncio.run(scenario())
    gc.collect()
    assert [each.name for each in caplog.records] == ["scheduler.runner"] * 2
    assert caplog.text.count("What nobody waited for failed: ValueError at test_runner.py:") == 2
    assert "Lovelace" not in caplog.text
