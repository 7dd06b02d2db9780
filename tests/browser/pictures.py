"""Takes a picture of every page, on a phone and at a desk, by day and by night; and of those that look otherwise to
somebody whose plan is locked, who has a flare, or who reads German and thinks in miles.

python tests/browser/pictures.py FOLDER
"""

import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from playwright.sync_api import Browser
from rig import DESK, DEVICES, SCHEMES, Served, Tab, Tour, chromium, pages, serving

_PUBLIC = ("/sign-in", "/join")
_OTHERS = ("/", "/plan", "/check-in", "/messages", "/history", "/sessions/{number}", "/upload", "/account")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="coach-pictures-") as folder, serving(Path(folder)) as served:
        served.settle(name="Bo")
        served.coach("signs", "--yes", "saddle_numbness", "--person", "Bo")
        served.settle(name="Cleo")
        served.coach("flare", "start", "--person", "Cleo")
        served.settle("--language", "de", name="Dora")
        with chromium() as browser:
            taken(browser, served, target, "Ada", pages())
            for name in ("Bo", "Cleo"):
                taken(browser, served, target, name, _OTHERS)
            taken(browser, served, target, "Dora", pages())
            with serving(Path(folder, "fresh"), settled=False) as fresh:
                new(browser, fresh, target)


def taken(browser: Browser, served: Served, target: Path, person: str, paths: Iterable[str]) -> None:
    state, tour = joined(browser, served, served.invitation(person), person), Tour(served, person).look_up()
    more = tour.more if person in {"Ada", "Dora"} else ()
    for path in [*paths, *more]:
        kept = {} if path.startswith(_PUBLIC) else {"storage_state": state}
        pictured(browser, served.address + tour.at(path), target / f"{person}-{named(path)}", kept)


def new(browser: Browser, served: Served, target: Path) -> None:
    """Who comes first."""
    link = (served.first_link or "").removeprefix(served.address)
    pictured(browser, served.address + link, target / "new-join", {})
    state = joined(browser, served, link, "new")
    pictured(browser, f"{served.address}/welcome", target / "new-welcome", {"storage_state": state})


def joined(browser: Browser, served: Served, link: str, name: str) -> Mapping:
    context = browser.new_context(**DESK)
    Tab(context, served.address).join(link, f"{name.lower()}@example.org")
    state = context.storage_state()
    context.close()
    return state


def pictured(browser: Browser, address: str, stem: Path, kept: Mapping) -> None:
    for device, given in DEVICES.items():
        context = browser.new_context(**given, **kept)
        page = context.new_page()
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.goto(address)
            page.screenshot(path=stem.with_name(f"{stem.name}-{device}-{scheme}.png"), full_page=True)
        context.close()


def named(path: str) -> str:
    return path.strip("/").translate(str.maketrans("/:", "--", "{} +")) or "week"


if __name__ == "__main__":
    main()
