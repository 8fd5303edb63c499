"""A page over a loopback Discord, and a browser that looks at it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.web.place import Place
from bot.web.server import listen, served
from tests.bot.discord.scripted import Scripted

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from bot.testing import Loopback

PATIENCE_MS = 15_000


@dataclass
class Served:
    """A page that is served: where, what it looks at, and somebody who calls its routes as the page does."""

    address: str
    place: Place
    session: aiohttp.ClientSession

    @property
    def discord(self) -> Loopback:
        return self.place.discord

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.address + path, headers=headers) as answer:
            return answer.status, await read(answer)

    async def post(self, path: str, body: Any = None, *, data: Any = None, **headers: str) -> tuple[int, Any]:
        headers = {"Origin": self.address.rstrip("/")} | headers
        async with self.session.post(self.address + path, json=body, data=data, headers=headers) as answer:
            return answer.status, await read(answer)


async def read(answer: aiohttp.ClientResponse) -> Any:
    text = await answer.text()
    return json.loads(text) if answer.content_type == "application/json" else text


async def heard(stream: aiohttp.ClientResponse, patience: float = 10) -> dict[str, Any]:
    """The next event of the page's stream."""
    while True:
        line = await asyncio.wait_for(stream.content.readline(), patience)
        assert line, "the stream has ended"
        if line.startswith(b"data: "):
            told: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
            return told


@contextlib.asynccontextmanager
async def page_over(
    place: Place, host: str = "127.0.0.1", *, port: int = 0, assistant: Any = None
) -> AsyncIterator[Served]:
    """Serve the page; the conversation needs nothing of the assistant, the corpus view all."""
    async with aiohttp.ClientSession() as session:
        with listen(host, port) as listener:
            async with served(assistant or Scripted(), place, listener) as address:
                yield Served(address, place, session)


@pytest.fixture
def place(loopback: Loopback) -> Place:
    return Place.furnish(loopback)


@pytest.fixture
async def page(place: Place) -> AsyncIterator[Served]:
    """The page; which bot stands behind it is up to the test."""
    async with page_over(place) as here:
        yield here


@dataclass
class Screen:
    """A browser's window on the page; ``wrong`` is what no user may meet: errors, and requests off the machine."""

    tab: Page
    wrong: list[str] = field(default_factory=list)

    def watch(self, address: str) -> None:
        self.tab.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.tab.on("request", lambda sent: None if sent.url.startswith(address) else self.wrong.append(sent.url))

    async def enter(self, channel: str) -> None:
        """Go to a channel, and wait until its messages and commands are there."""
        await self.tab.click(f"[data-channel='{channel}']")
        await self.tab.wait_for_selector(f"#log[data-room='{channel}']", timeout=PATIENCE_MS)

    async def ask(self, text: str) -> None:
        """Type something and send it, by keys alone."""
        await self.tab.focus("#text")
        await self.tab.keyboard.type(text)
        await self.tab.keyboard.press("Enter")

    async def last(self) -> str:
        """What the last message says."""
        return await self.tab.locator(".message .body").last.inner_text()

    async def see(self, text: str) -> None:
        """Wait until the last message says this."""
        await self.tab.locator(".message").last.get_by_text(text).first.wait_for(timeout=PATIENCE_MS)

    async def faults(self) -> list[str]:
        """What axe-core finds that is serious or worse."""
        from axe_playwright_python.async_playwright import Axe

        found = (await Axe().run(self.tab)).response["violations"]
        return [
            f"{each['id']}: {[node['html'] for node in each['nodes']]}"
            for each in found
            if each["impact"] in {"serious", "critical"}
        ]


Look = Callable[..., AbstractAsyncContextManager[Screen]]
SIZES = {"desktop": (1280, 860), "phone": (390, 844)}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium is installed (apt-get install chromium)")
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        await browser.close()


@contextlib.asynccontextmanager
async def opened(
    browser: Browser, page: Served, size: str = "desktop", scheme: Any = "dark", channel: str = "3"
) -> AsyncIterator[Screen]:
    """Open the page in a window of a size; at the end nothing was wrong on it."""
    width, height = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=size == "phone"
    )
    screen = Screen(await context.new_page())
    screen.watch(page.address)
    await screen.tab.goto(page.address)
    await screen.tab.wait_for_selector("body[data-ready]", timeout=PATIENCE_MS)
    await screen.enter(channel)
    yield screen
    await context.close()
    assert screen.wrong == []


@pytest.fixture
def look(browser: Browser, page: Served) -> Look:
    """Open the page of this test."""
    return partial(opened, browser, page)
