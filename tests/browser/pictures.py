"""Takes a picture of every page, on a phone and at a desk, by day and by night.

python tests/browser/pictures.py FOLDER
"""

import sys
import tempfile
from pathlib import Path

from rig import DESK, DEVICES, SCHEMES, Served, Tab, Tour, chromium, pages, serving

_PUBLIC = ("/sign-in", "/join")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="coach-pictures-") as folder, serving(Path(folder)) as served:
        taken(served, target)


def taken(served: Served, target: Path) -> None:
    with chromium() as browser:
        context = browser.new_context(**DESK)
        Tab(context, served.address).join(served.invitation("Ada"))
        state, tour = context.storage_state(), Tour(served).look_up()
        for path in pages():
            name = path.strip("/").translate(str.maketrans("/{}:", "-  -")).replace(" ", "") or "week"
            for device, given in DEVICES.items():
                for scheme in SCHEMES:
                    kept = {} if path.startswith(_PUBLIC) else {"storage_state": state}
                    page = Tab(browser.new_context(color_scheme=scheme, **given, **kept), served.address).page
                    page.goto(served.address + tour.at(path))
                    page.screenshot(path=target / f"{name}-{device}-{scheme}.png", full_page=True)
                    page.context.close()


if __name__ == "__main__":
    main()
