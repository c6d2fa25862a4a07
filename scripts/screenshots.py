"""Pictures of every page: ``python -m scripts.screenshots URL FOLDER [--lang en]``.

Walks through the exam year on a freshly started demo at URL (``make demo`` with an empty ``instance/``)
and stores each page in FOLDER at the width of a desk and of a phone, in Chinese or in English. Pages
wider than the window are named on the way. Run it from the project's folder; it needs Chromium, as the
browser tests do.
"""

from __future__ import annotations

import argparse
import io
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, DESKTOP, FLAGS, PHONE, Portal
from tests.browser.guide import Tour
from tests.browser.tour import walk

COLOURS = 128
# The bar with the decision sticks to the window's edge, which a picture of the whole page has not.
ONLY_WHAT_IS_IN_SIGHT = {"staff-case", "staff-case-show"}


@dataclass(frozen=True)
class Camera:
    """Stores pictures in a folder."""

    folder: Path

    def take(self, page: Page, name: str) -> None:
        """Store the page as it stands at both widths; few colours keep the files small."""
        for viewport in (PHONE, DESKTOP):
            page.set_viewport_size(viewport)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                print(f"{name}: wider than {viewport['width']} px", file=sys.stderr)
            whole = name not in ONLY_WHAT_IS_IN_SIGHT
            picture = Image.open(io.BytesIO(page.screenshot(full_page=whole, animations="disabled")))
            small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            small.save(self.folder / f"{name}-{viewport['width']}.png", optimize=True)


def main(url: str, folder: Path, language: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        walk(Tour(browser, Portal(url.rstrip("/")), Camera(folder).take, language))
        browser.close()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("url")
    options.add_argument("folder", type=Path)
    options.add_argument("--lang", choices=["zh", "en"], default="zh")
    asked = options.parse_args()
    main(asked.url, asked.folder, asked.lang)
