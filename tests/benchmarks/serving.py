"""What the pages cost: files that are taken in, who waits meanwhile, the week after years, weights and memory.

    python tests/benchmarks/serving.py --years 5 --rounds 9

A server in a process of its own (`served.py`), asked over HTTP by this one; its CPU time is that of all its threads. In
turn: files sent by the page's form, stored, and their person's standing judged anew, beside fitparse, which only parses
them; how long other requests wait while a long file comes in; the running week of somebody with years behind them,
beside a page that renders the same values by the same template through the same stack; what pages weigh with all that
they load; the memory of `coach serve` after its start and after a first look at every page.

With `--strict` the exit code is 1 where a figure is past its bound.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from threading import Event, Thread

import httpx2
import served
from asking import free_port, joined, looks_s, served_there, theirs_s, until_it_answers
from corpus import by_fitparse, contents, distinct, show
from importing import long_ride

from coach.app import open_app
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
_FILES = 6
_REQUESTS = 40
_PAGES = (
    *("/", "/check-in", "/sessions", "/sessions/1", "/history", "/plan", "/messages", "/messages/rules"),
    *("/messages/channels", "/messages/preview", "/upload", "/log", "/account", "/account/security", "/live"),
)

# CPU of fitparse parsing a file; seconds; CPU of the bare page; bytes; megabytes.
_BOUNDS = {"upload": 1 / 15, "wait": 0.1, "week": 2.0, "weight": 100_000.0, "memory": 150.0}
_NOISE = 1.25


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the pages.")
    parser.add_argument("--years", type=int, default=5, metavar="N", help="of history (5)")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="of which the median counts (9)")
    parser.add_argument("--strict", action="store_true", help="fail past a bound")
    given = parser.parse_args()
    if given.years < 1 or given.rounds < 1:
        parser.error("--years and --rounds are 1 or more")
    files, kind = contents()
    sys.stdout.write(
        f"{kind} files; Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n"
    )
    with tempfile.TemporaryDirectory(prefix="coach-benchmark-") as folder:
        for name in [each for each in os.environ if each.startswith("COACH_")]:
            del os.environ[name]
        os.environ["COACH_HOME"] = folder
        app = open_app()
        person = served.lived(app, given.years)
        with served_there() as browser:
            joined(app, browser, person, "ada@example.org")
            found = {
                "upload": _uploads(browser, files, given.rounds),
                "wait": _waits(browser, given.rounds),
                "week": _week(browser, given.rounds),
                "weight": _weights(browser),
            }
            cookies = dict(browser.cookies)
        found["memory"] = _memory(cookies)
    past = [
        f"{name} is {found[name]:.3g}, past {bound:.3g}"
        for name, bound in _BOUNDS.items()
        if found[name] > bound * _NOISE
    ]
    sys.exit("; ".join(past) if given.strict and past else 0)


# What is measured.


def _uploads(browser: httpx2.Client, files: list[bytes], rounds: int) -> float:
    """Files of some length, spread over the corpus; gives the ratio of the sums."""
    send = _uploading(browser)
    readable = [data for data in sorted(files, key=len) if _is_read(send, data)]
    chosen = readable[len(readable) // 3 :: max(1, 2 * len(readable) // 3 // _FILES)][:_FILES]
    rows, number = [], iter(range(10**6))
    for data in chosen:
        parsed_s = median(_here_s(lambda data=data: by_fitparse(data)) for _ in range(min(rounds, 3)))
        kept_s, judged_s = [], []
        for _ in range(rounds):
            one_more = distinct(data, next(number))
            kept_s.append(theirs_s(browser, lambda data=one_more: send(data)))
            judged_s.append(float(browser.get("/-/standing").text))
        rows.append((len(data), parsed_s, median(kept_s), median(judged_s)))
    total = tuple(map(sum, zip(*rows, strict=True)))
    show(
        ("uploaded: kB", "fitparse parses, CPU ms", "stored, CPU ms", "judged anew, CPU ms", "ratio"),
        [
            (f"{size / 1000:.0f}", f"{1000 * a:.0f}", f"{1000 * b:.1f}", f"{1000 * c:.1f}", f"1/{a / (b + c):.1f}")
            for size, a, b, c in [*rows, total]
        ],
    )
    return (total[2] + total[3]) / total[1]


def _is_read(send: Callable[[bytes], str], data: bytes) -> bool:
    try:
        by_fitparse(data)
    except Exception:  # noqa: BLE001  (whatever it raises)
        return False
    return 'class="outcome stored"' in send(data)


def _uploading(browser: httpx2.Client) -> Callable[[bytes], str]:
    """What sends a file as the page's own form does; gives the page that tells what became of it."""
    fields = dict(re.findall(r'name="(csrf|once)" value="([^"]+)"', browser.get("/upload").text))

    def send(data: bytes) -> str:
        answer = browser.post("/upload", data=fields, files={"files": ("a.fit", BytesIO(data))})
        assert answer.status_code == 200, answer.text
        return answer.text

    return send


def _waits(browser: httpx2.Client, rounds: int) -> float:
    """The longest that anybody else waited while a long file came in; gives the median of rounds, the worse of two."""
    data, rows, send, number = write(long_ride()), [], _uploading(browser), iter(range(10**6))
    for path in ("/healthz", "/"):
        waits, took = [], []
        for one_more in [distinct(data, next(number)) for _ in range(rounds)]:
            longest, took_s = _waited(browser, path, lambda data=one_more: send(data))
            waits.append(longest)
            took.append(took_s)
        rows.append((path, median(took), median(waits), max(waits)))
    show(
        (f"meanwhile {len(data) / 1e6:.1f} MB come in", "which takes s", "longest wait, median s", "at most s"),
        [(path, f"{took_s:.2f}", f"{usual:.3f}", f"{most:.3f}") for path, took_s, usual, most in rows],
    )
    return max(usual for _, _, usual, _ in rows)


def _waited(browser: httpx2.Client, path: str, sends: Callable[[], object]) -> tuple[float, float]:
    ready, done, waits = Event(), Event(), [0.0]

    def looks() -> None:
        with httpx2.Client(base_url=browser.base_url, cookies=dict(browser.cookies), timeout=60) as other:
            other.get(path)
            ready.set()
            while not done.is_set():
                begun = time.perf_counter()
                other.get(path)
                waits.append(time.perf_counter() - begun)

    looker = Thread(target=looks)
    looker.start()
    ready.wait()
    begun = time.perf_counter()
    sends()
    took_s = time.perf_counter() - begun
    done.set()
    looker.join()
    return max(waits), took_s


def _week(browser: httpx2.Client, rounds: int) -> float:
    names = {"only rendered": "/-/bare", "the week": "/", "the week, after each change": "/-/anew"}
    found = looks_s(browser, names, rounds, _REQUESTS)
    show(
        ("a look, after years", "CPU ms", "ratio"),
        [(name, f"{1000 * seconds:.2f}", f"{ratio:.2f}") for name, (seconds, ratio) in found.items()],
    )
    return max(ratio for _, ratio in found.values())


def _weights(browser: httpx2.Client) -> float:
    rows = []
    for path in _routed(browser):
        page = browser.get(path)
        loaded = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
        parts = sum(len(browser.get(each).content) for each in loaded)
        rows.append((path, len(page.content), len(page.content) + parts))
    show(("page", "bytes", "with all that it loads"), [(path, f"{own:,}", f"{all_:,}") for path, own, all_ in rows])
    return float(max(all_ for _, _, all_ in rows))


def _memory(cookies: dict[str, str]) -> float:
    port = free_port()
    command = [COACH, "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            assert any("pages are at" in line for line in server.stderr)
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=60) as browser:
                until_it_answers(browser)
                time.sleep(2)  # its first sweep
                after = [("after its start", _rss_mb(server.pid))]
                for path in _routed(browser):
                    browser.get(path)
                after.append(("after a look at every page", _rss_mb(server.pid)))
        finally:
            server.terminate()
            server.communicate(timeout=30)
    show(("memory of `coach serve`", "MB"), [(name, f"{found:.0f}") for name, found in after])
    return after[-1][1]


def _routed(browser: httpx2.Client) -> list[str]:
    return [path for path in _PAGES if browser.get(path).status_code == 200]


# How.


def _here_s(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _rss_mb(number: int) -> float:
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(number)], check=True, capture_output=True, text=True)
    return int(told.stdout) / 1024


if __name__ == "__main__":
    main()
