"""How quick the page is: ``python tests/benchmarks/page.py`` prints a table in Markdown.

A process of its own over the bundled digests in a temporary data folder, looked at with Debian's chromium.
"""

from __future__ import annotations

import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import Browser, sync_playwright

from bot.web.place import STATIC

ROUNDS = 5
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def look(browser: Browser, address: str) -> tuple[float, float, float]:
    """Milliseconds to the first paint, to a page that can be used, and from a question to its answer."""
    tab = browser.new_page()
    started = time.perf_counter()
    tab.goto(address)
    tab.wait_for_selector("body[data-ready]")
    usable = time.perf_counter() - started
    tab.wait_for_function(PAINT)
    painted = float(tab.evaluate(PAINT))
    tab.click("[data-channel='4']")
    before = tab.locator(".message.bot").count()
    tab.fill("#text", "who wrote RLSbench?")
    asked = time.perf_counter()
    tab.keyboard.press("Enter")
    tab.locator(".message.bot").nth(before).wait_for()
    answered = time.perf_counter() - asked
    tab.close()
    return painted, 1000 * usable, 1000 * answered


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        command = [sys.executable, "-m", "bot"]
        subprocess.run([*command, "ingest", "--data-dir", folder], check=True, capture_output=True)
        started = time.perf_counter()
        command += ["web", "--port", "0", "--data-dir", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            address = re.search(r"http://\S+", server.stdout.readline())
            assert address is not None
            up = time.perf_counter() - started
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            rounds = [look(browser, address[0]) for _ in range(ROUNDS)]
            browser.close()
            server.send_signal(signal.SIGINT)
    painted, usable, answered = (statistics.median(each) for each in zip(*rounds, strict=True))
    size = sum(file.stat().st_size for file in STATIC.iterdir())
    print(f"| the page | median of {ROUNDS} |\n|---|---|")
    print(f"| process start to the address | {up:.1f} s |")
    print(f"| first paint, the first time | {rounds[0][0]:.0f} ms |")
    print(f"| first paint | {painted:.0f} ms |")
    print(f"| ready to type | {usable:.0f} ms |")
    print(f"| a question to its answer on the screen | {answered:.0f} ms |")
    print(f"| its own assets | {size / 1000:.0f} kB |")


if __name__ == "__main__":
    main()
