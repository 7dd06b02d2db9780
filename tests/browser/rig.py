"""A coach that is served, somebody's browser before it, and what is in every page's manners: nothing that goes wrong
unseen, nothing asked of another host, nothing that is heavy on a phone.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

from coach.demo import sessions
from coach.web.pages import _GROUPS
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PASSWORD = "three quiet words"
HEAVIEST = 100_000
"""Bytes of a page with all that it loads, as they are before compression."""

PHONE: Mapping[str, Any] = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
DESK: Mapping[str, Any] = {"viewport": {"width": 1100, "height": 800}}
DEVICES = {"phone": PHONE, "desk": DESK}
SCHEMES = ("light", "dark")


# What is served.


CLINICIANS = ("/people/", "/caseload", "/accounts", "/care/", "/account/clinicians/{number}", "/account/digest")
"""How the paths begin that Ada, who looks after nobody and is looked after by nobody, has no page at: `ward.py`."""


def paths() -> list[str]:
    """Of every page and whatever else is got, as the program routes them."""
    routes = (route for group in _GROUPS for route in group.routes)
    return sorted({each.path for each in routes if "GET" in each.methods})


@dataclass
class Served:
    """A home and the program on it."""

    home: Path
    address: str
    first_link: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def coach(self, *words: object) -> str:
        command = [str(COACH), *map(str, words)]
        done = subprocess.run(command, env=self.environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, f"coach {' '.join(command[1:])}: {done.stderr}"
        return done.stdout

    def invitation(self, name: str) -> str:
        """The path of a link with which they come in."""
        return re.search(r"/join/\S+", self.coach("accounts", "link", "--person", name))[0]

    def settle(self, *given: str, name: str = "Ada") -> None:
        """Somebody on a plan for a year, with sessions and answers of this week and the last, one of hours among them,
        and a way on which they are reached.
        """
        today = datetime.now(UTC).date()
        monday = today - timedelta(days=today.weekday())
        self.coach("setup", *_PLAN, "--name", name, "--start", monday - timedelta(weeks=52), *given)
        folder = self.home.parent / name
        recordings(folder, monday - timedelta(weeks=1), today)
        yesterday = datetime.combine(today - timedelta(days=1), datetime.min.time(), UTC)
        (folder / "long.fit").write_bytes(write(sessions.walk(yesterday + timedelta(hours=12), 300, hill_minutes=40)))
        self.coach("import", folder, *_LONG, "--person", name)
        self.coach("pain", 2, "--person", name)
        self.coach("log", "pool_walk", 20, "--at", f"{today - timedelta(days=2)}T18:00", "--person", name)
        self.coach("channels", "add", "ntfy://127.0.0.1:9/topic", "--name", "Phone", "--person", name)


_PLAN = (
    *("--timezone", "Etc/UTC", "--condition", "disc_herniation", "--emergency-number", "112"),
    *("--diagnosed-by", "Dr Bo", "--diagnosed-on", "2026-05-01", "--relief", "extension", "--no-flexion-tolerated"),
    *("--birth-year", "1970", "--resting-hr", "60"),
)
_CORPUS = Path(os.environ.get("COACH_SHARED", Path(__file__).parents[3] / "shared")) / "fit"
_LONG = [
    path
    for name in ("walk/2020-08-20-09-34-33.fit", "swim/event_timestamp.fit", "ride/nick.fit", "other/failed.fit")
    if (path := _CORPUS / name).is_file()
]
"""Real ones of hours, with laps, lengths and whatever devices do; where they are there."""


def recordings(folder: Path, since: date, until: date) -> list[Path]:
    """A walk or a swim a day, in turn; every fourth of a walk over a hill."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for day in range((until - since).days):
        begun = datetime.combine(since + timedelta(days=day), datetime.min.time(), UTC) + timedelta(hours=9)
        made = sessions.swim(begun, 12) if day % 3 == 2 else sessions.walk(begun, 12 + day, hill_minutes=day % 4)
        written.append(folder / f"{day}.fit")
        written[-1].write_bytes(write(made))
    return written


@contextmanager
def serving(folder: Path, *, settled: bool = True) -> Iterator[Served]:
    """`coach serve` on a port of its own, with a home of its own in which somebody lives already, or nobody yet."""
    address = f"http://127.0.0.1:{_free_port()}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    home = folder / "home"
    environment = kept | {
        "COACH_HOME": str(home),
        "COACH_PUBLIC_URL": address,
        "COACH_ALLOW_PRIVATE_ADDRESSES": "true",
        "PYTHONUNBUFFERED": "1",
    }
    served = Served(home, address, environment=environment)
    if settled:
        served.settle()
    command = [COACH, "serve", "--port", address.rpartition(":")[2]]
    folder.mkdir(exist_ok=True)
    log = folder / "serve.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            served.first_link = next((line.strip() for line in process.stdout if "/join/" in line), None)
            yield served
        finally:
            process.terminate()
            process.communicate(timeout=30)
    assert process.returncode == 0, log.read_text()
    assert "Traceback" not in log.read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Who looks at it.


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's own; none is fetched."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Tab:
    """A page of a browser; `faults` is what was wrong with anything that it showed."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self._requests: list[Request] = []
        self._sizes: dict[str, int] = {}
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._asked)

    def open(self, path: str, status: int = 200) -> Page:
        """Go there; what was wrong with it is noted, and another status than that is an error."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}, {self.page.inner_text('main')[:500]}"
        if (weight := self.weight()) > HEAVIEST:
            self.faults.append(f"{path}: weighs {weight} bytes")
        return self.page

    def weight(self) -> int:
        """Bytes of what is shown, with all that it has loaded; what the browser had already counts as it came first."""
        return sum(map(self._size, self._requests))

    def _size(self, request: Request) -> int:
        answer = request.response()
        if answer is not None and _has_body(answer):
            self._sizes[request.url] = len(answer.body())
        return self._sizes.get(request.url, 0)

    def join(self, link: str, email: str = "ada@example.org") -> None:
        """Make an account by a link, as its form asks."""
        self.open(link)
        if self.page.get_by_label("E-mail").count():
            self.page.get_by_label("E-mail").fill(email)
        for box in self.page.locator("input[type=password]").all():
            box.fill(PASSWORD)
        with self.page.expect_navigation(wait_until="networkidle"):  # what still comes is not of the next page
            self.page.locator("main button").click()

    def axe(self, *rules: str) -> list[str]:
        """What axe finds wrong, each with where; by these rules, or by all."""
        self.page.evaluate(f"'axe' in window || (() => {{ {AXE_SCRIPT} }})()")
        options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
        if rules:
            options = {"runOnly": list(rules)}
        found = self.page.evaluate("options => axe.run(options)", options)["violations"]
        return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]

    def ungainly(self) -> list[str]:
        """What does not fit the page, and what a finger would miss."""
        return list(self.page.evaluate(_UNGAINLY))

    def _said(self, message: ConsoleMessage) -> None:
        """An address that answers with an error is no fault of the page that was asked for there."""
        where = message.location.get("url", "")
        if message.type == "error" and not (message.text.startswith("Failed to load") and where == self.page.url):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        """What a page loads begins with the page."""
        if request.is_navigation_request():
            self._requests.clear()
        self._requests.append(request)
        if not request.url.startswith((self.address, "data:", "blob:", "chrome")):
            self.faults.append(f"{self.page.url}: asks {request.url}")


_UNGAINLY = """() => {
  const root = document.documentElement;
  const wide = root.scrollWidth - root.clientWidth;
  const aims = "button, select, textarea, input:not([type=hidden]), summary, .button, nav a, .menu a";
  const low = [...document.querySelectorAll(aims)].filter((it) => {
    const box = it.getBoundingClientRect();
    return box.height > 0 && box.height < 43.9;
  });
  return [
    ...(wide > 0 ? [`${wide} pixels too wide`] : []),
    ...low.map((it) => `${it.getBoundingClientRect().height} pixels high: ${it.outerHTML.slice(0, 120)}`),
  ];
}"""


def looked_at(tabs: Sequence[Tab], path: str, status: int = 200) -> None:
    """Nothing is wrong with it on any of these. By night it is only the colours that are others."""
    for tab in tabs:
        tab.faults.clear()
        tab.page.emulate_media(color_scheme="light")
        tab.open(path, status)
        found = [*tab.axe(), *tab.ungainly()]
        tab.page.emulate_media(color_scheme="dark")
        found += tab.axe("color-contrast")
        assert not [*found, *tab.faults], f"{path} at {tab.page.viewport_size}"


def _has_body(answer: Response) -> bool:
    is_stream = answer.headers.get("content-type", "").startswith("text/event-stream")
    return not is_stream and not 300 <= answer.status < 400 and answer.status != 204


# Every page there is.

_NOT_PAGES = frozenset(
    {
        "/manifest.webmanifest",
        "/icon-{size}.png",
        "/live/events",
        "/account/export/coach.zip",
        "/sessions/{number}/original",
    }
)
"""Got, and not looked at; nor is what only programs ask."""
_DOCS = "/api/v1/docs"


@dataclass
class Tour:
    """How every path is filled in: by the names in its braces."""

    served: Served
    person: str = "Ada"
    fields: Mapping[str, str] = field(default_factory=dict)

    def look_up(self) -> "Tour":
        today = datetime.now(UTC).date()
        last = (today - timedelta(weeks=1)).isocalendar()
        told = self.served.coach("activities", "--json", "--person", self.person)
        numbers = [each["id"] for each in json.loads(told)]
        self.fields = {
            "week": f"{last.year}-W{last.week:02}",
            "number": str(numbers[0]),
            "/messages/channels/{number}/remove": "1",
            "version": "1",
            "kind": "flare",
            "subject": str(today),
            "subject:path": str(today),
            "token": self.served.invitation(self.person).rpartition("/")[2],
        }
        return self

    def at(self, path: str) -> str:
        """
        Raises:
            KeyError: a page names a field that nobody has said here how to fill in.
        """
        return re.sub(r"\{([^}]+)\}", lambda found: self.fields.get(path) or self.fields[found[1]], path)

    @property
    def more(self) -> Sequence[str]:
        """What its path alone does not make: each question, and each session, whatever recorded it."""
        told = self.served.coach("activities", "--json", "--person", self.person)
        numbers = [each["id"] for each in json.loads(told)]
        today = datetime.now(UTC).date()
        asked = (f"pain/post/{numbers[0]}", f"signs/{today}", f"done/{today}", "snooze/R4", "off/R4+R8", "on/R4")
        return [*(f"/sessions/{each}" for each in numbers), *(f"/say/{each}" for each in asked)]


def pages() -> Sequence[str]:
    """What Ada gets."""
    return [path for path in every_page() if not path.startswith(CLINICIANS)]


def every_page() -> Sequence[str]:
    return [path for path in paths() if path not in _NOT_PAGES and (not path.startswith("/api/") or path == _DOCS)]
