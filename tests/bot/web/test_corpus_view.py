"""The corpus view in a real browser, on a desktop and on a phone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.assistant import Assistant
from tests.bot.web.conftest import PATIENCE_MS, opened, page_over

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser, Route

    from bot.web.place import Place


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "dark"), ("phone", "light")])
async def test_the_corpus_is_a_click_away(
    browser: Browser, bundled: Assistant, place: Place, size: str, scheme: str
) -> None:
    async with page_over(place, assistant=bundled) as page, opened(browser, page, size, scheme) as screen:
        tab = screen.tab
        await tab.get_by_role("link", name="Corpus").press("Enter")
        await tab.get_by_label("A question").fill("who wrote RLSbench?")
        await tab.keyboard.press("Enter")
        await tab.locator("#explained table").wait_for(timeout=PATIENCE_MS)
        await tab.locator("circle.lit").first.wait_for(timeout=PATIENCE_MS)
        await tab.locator("#documents button").first.press("Enter")
        await tab.locator("#text mark").first.wait_for(timeout=PATIENCE_MS)
        assert await screen.faults() == []
        assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await tab.get_by_role("link", name="Conversation").press("Enter")
        await tab.wait_for_selector("body[data-ready]")


async def test_a_question_asked_before_the_corpus_view_is_ready_is_not_lost(
    browser: Browser, bundled: Assistant, place: Place
) -> None:
    async def slowly(route: Route) -> None:
        await asyncio.sleep(1)
        await route.continue_()

    async with page_over(place, assistant=bundled) as page, opened(browser, page) as screen:
        await screen.tab.route("**/corpus.js", slowly)
        await screen.tab.goto(f"{page.address}corpus", wait_until="commit")
        await screen.tab.get_by_label("A question").fill("who wrote RLSbench?")
        await screen.tab.keyboard.press("Enter")
        await screen.tab.locator("#explained table").wait_for(timeout=PATIENCE_MS)


async def test_a_hostile_page_is_looked_at_as_plain_text_of_some_length(
    browser: Browser, place: Place, tmp_path: Path
) -> None:
    page_of_it = tmp_path / "hostile.md"
    page_of_it.write_text(
        f"# \\<b>gnp\u202egpj.exe\\</b>\n\n## {'T' * 5_000}\n\nZebras\x1b[31m run.\n", encoding="utf-8"
    )
    with Assistant.open(tmp_path / "data") as assistant:
        assistant.ingest([page_of_it])
        async with (
            page_over(place, assistant=assistant) as page,
            opened(browser, page, "phone", "light") as screen,
        ):
            tab = screen.tab
            await tab.get_by_role("link", name="Corpus").press("Enter")
            await tab.locator("#documents button").first.press("Enter")
            await tab.locator("#text mark").first.wait_for(timeout=PATIENCE_MS)
            assert await tab.locator("#page-title").inner_text() == "<b>gnp\ufffdgpj.exe</b>"
            assert "Zebras\ufffd[31m run." in await tab.locator("#text mark").first.inner_text()
            tall = await tab.locator("#entries li").first.evaluate("it => it.clientHeight")
            assert tall < 250, "a title as long as a page is cut"
