"""Pictures of typical replies, to be looked at: ``python tests/benchmarks/pictures.py FOLDER``.

Runs ``digestbot web`` over the bundled digests in a temporary data folder, asks in a browser on a desktop's and on
a phone's width, and writes a picture of each reply. Needs Debian's chromium and playwright.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = "/usr/bin/chromium"
WIDTHS = {"desktop": 900, "phone": 390}
QUESTIONS = {
    "authors": "who wrote RLSbench?",
    "list": "papers about bandits at ICML 2023",
    "jobs": "openings in Spain",
    "meaning": "making synthetic time series with a GAN",
    "absent": "which openings are there in Norway?",
}


def ask(page: Page, question: str) -> None:
    """Ask in a direct message, and wait for the answer."""
    answers = page.locator(".message.bot")
    before = answers.count()
    page.fill("#text", question)
    page.press("#text", "Enter")
    answers.nth(before).wait_for(timeout=60_000)
    page.locator(".thinking").wait_for(state="detached")
    page.wait_for_timeout(300)


def take(address: str, folder: Path, name: str) -> None:
    """Ask all questions on a screen of a certain width."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTHS[name], "height": 1800})
        page.goto(address)
        page.locator("#log[data-room]").wait_for()
        for about, question in QUESTIONS.items():
            ask(page, question)
            page.locator(".message.bot").last.screenshot(path=str(folder / f"reply-{about}-{name}.png"))
        browser.close()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    for name in WIDTHS:  # each with a bot of its own, for nobody may ask ten questions at once
        with tempfile.TemporaryDirectory() as data:
            command = [sys.executable, "-m", "bot", "web", "--port", "0", "--data-dir", data]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
                try:
                    for line in served.stdout or ():
                        if found := re.search(r"http://\S+", line):
                            take(found[0], folder, name)
                            break
                finally:
                    served.terminate()


if __name__ == "__main__":
    main()
