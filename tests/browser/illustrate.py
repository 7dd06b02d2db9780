"""Takes the pictures of docs/web.md again: this week and a check-in, on a phone.

python tests/browser/illustrate.py [FOLDER]     FOLDER: docs/ by default
"""

import sys
import tempfile
from pathlib import Path

from pictures import joined
from rig import chromium, serving

DOCS = Path(__file__).parents[2] / "docs"
PHONE = {"viewport": {"width": 390, "height": 800}, "is_mobile": True, "has_touch": True, "device_scale_factor": 1.5}


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS
    with (
        tempfile.TemporaryDirectory(prefix="coach-pictures-") as folder,
        serving(Path(folder)) as served,
        chromium() as browser,
    ):
        context = browser.new_context(**PHONE, storage_state=joined(browser, served, served.invitation("Ada"), "Ada"))
        page = context.new_page()
        for name, path in (("week", "/"), ("check-in", "/check-in")):
            page.goto(served.address + path)
            page.screenshot(path=target / f"web-{name}.png")
            sys.stdout.write(f"{target / f'web-{name}.png'}\n")
        context.close()


if __name__ == "__main__":
    main()
