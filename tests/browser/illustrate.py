"""Takes the pictures of docs/web.md again: this week, a check-in and a session, on a phone.

python tests/browser/illustrate.py [FOLDER]     FOLDER: docs/ by default
"""

import json
import sys
import tempfile
from pathlib import Path

from pictures import joined
from rig import chromium, serving

DOCS = Path(__file__).parents[2] / "docs"
PHONE = {"viewport": {"width": 390, "height": 800}, "is_mobile": True, "has_touch": True, "device_scale_factor": 1.5}


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS
    with tempfile.TemporaryDirectory(prefix="coach-pictures-") as folder, serving(Path(folder)) as served:
        told = json.loads(served.coach("activities", "--json", "--person", "Ada"))
        walk = [each["id"] for each in told if each["exercise"] == "level_walk"][1]  # the newest lasted for hours
        with chromium() as browser:
            context = browser.new_context(
                **PHONE, storage_state=joined(browser, served, served.invitation("Ada"), "Ada")
            )
            page = context.new_page()
            for name, path in (("week", "/"), ("check-in", "/check-in"), ("session", f"/sessions/{walk}")):
                page.goto(served.address + path)
                page.screenshot(path=target / f"web-{name}.png")
                sys.stdout.write(f"{target / f'web-{name}.png'}\n")
            context.close()


if __name__ == "__main__":
    main()
