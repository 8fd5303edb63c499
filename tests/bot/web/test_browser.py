"""The page in a real browser, as people use it: by keys and by pointer, on a desktop and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import discord
import pytest
from discord import app_commands

from bot.discord.markdown import inert, quote
from tests.bot.discord.scripted import Scripted
from tests.bot.discord.test_render import HOSTILE
from tests.bot.web.conftest import PATIENCE_MS, SIZES, page_over

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser

    from bot.assistant import Assistant
    from bot.testing.fixtures import RunBot, RunCommands
    from bot.web.place import Place
    from tests.bot.web.conftest import Look, Screen, Served

AUTHORS = "Saurabh Garg, Nick Erickson, James Sharpnack, Alex Smola"
PAGE = """# A guide to sleep at SLEEP 2031

## Papers on counting

**On counting sheep in the dark**

- Authors: Ada Moss, Ben Ray
- Venue: SLEEP 2031

With this paper comes a way to count sheep that nobody can see.
"""


@pytest.fixture
async def bot(browser: Browser, run_bot: RunBot, bundled: Assistant) -> AsyncIterator[Assistant]:
    async with run_bot(bundled):
        yield bundled


async def use(screen: Screen, command: str, **options: str) -> None:
    """Use a command by keys, and wait until its reply is no longer on its way."""
    await screen.tab.focus("#text")
    await screen.tab.keyboard.type(f"/{command}")
    await screen.tab.keyboard.press("Enter")
    for name, value in options.items():
        await screen.tab.focus(f"#command [name='{name}']")
        await screen.tab.keyboard.type(value)
    await screen.tab.keyboard.press("Enter")
    await screen.tab.locator("#command").wait_for(state="hidden", timeout=PATIENCE_MS)
    await screen.tab.locator(".thinking").wait_for(state="detached", timeout=PATIENCE_MS)


@pytest.mark.parametrize("size", SIZES)
async def test_a_question_a_follow_up_and_a_quote_in_its_place(
    look: Look, page: Served, bot: Assistant, size: str
) -> None:
    async with look(size) as screen:
        await use(screen, "ask", question="who wrote RLSbench?")
        await screen.see(AUTHORS)
        assert await screen.faults() == []
        await screen.ask("@digestbot and who wrote it?")
        await screen.tab.locator(".message.bot").nth(1).wait_for(timeout=PATIENCE_MS)
        await screen.see(AUTHORS)
        await screen.tab.locator("button.select").last.focus()
        await screen.tab.keyboard.press("Enter")
        assert await screen.faults() == []
        await screen.tab.keyboard.press("ArrowDown")
        await screen.tab.keyboard.press("Home")
        await screen.tab.keyboard.press("Enter")
        await screen.see("Only you can see this")
        await screen.see("RLSbench: Domain adaptation under relaxed label shift")
        assert await screen.faults() == []
        await screen.tab.get_by_role("button", name="Dismiss message").press("Enter")
        assert await screen.tab.locator(".ephemeral").count() == 0
        assert await screen.tab.locator("#text").evaluate("element => element === document.activeElement")


@pytest.mark.parametrize("size", SIZES)
async def test_names_are_completed_as_they_are_typed(look: Look, page: Served, bot: Assistant, size: str) -> None:
    async with look(size) as screen:
        await screen.ask("/papers")
        await screen.tab.focus("#command [name='author']")
        await screen.tab.keyboard.type("kvet")
        await screen.tab.get_by_role("option", name="Branislav Kveton").wait_for(timeout=PATIENCE_MS)
        assert await screen.faults() == []
        await screen.tab.keyboard.press("ArrowDown")
        await screen.tab.keyboard.press("Enter")
        assert await screen.tab.locator("#command [name='author']").input_value() == "Branislav Kveton"
        await screen.tab.keyboard.press("Enter")
        await screen.see("You used /papers author: Branislav Kveton")
        await screen.tab.locator(".thinking").wait_for(state="detached", timeout=PATIENCE_MS)
        assert "Kveton" in await screen.last()


@pytest.mark.parametrize("size", SIZES)
async def test_a_page_is_added_by_upload_and_asked(
    look: Look, run_bot: RunBot, empty: Assistant, size: str
) -> None:
    async with run_bot(empty), look(size) as screen:
        await screen.ask("/digest add")
        file = {"name": "sleep.md", "mimeType": "text/markdown", "buffer": PAGE.encode()}
        await screen.tab.set_input_files("#command [name='file']", [file])  # type: ignore[list-item]
        assert await screen.faults() == []
        await screen.tab.click(".send")
        await screen.see("Ask away.")
        await screen.ask("@digestbot who wrote On counting sheep in the dark?")
        await screen.see("Ada Moss, Ben Ray")
        await screen.enter("4")
        await screen.ask("who wrote On counting sheep in the dark?")
        await screen.tab.locator(".message.bot").wait_for(timeout=PATIENCE_MS)
        assert "Ada Moss" not in await screen.last()


@pytest.mark.parametrize("size", SIZES)
async def test_the_payload_that_is_shown_is_what_discord_received(
    look: Look, page: Served, bot: Assistant, size: str
) -> None:
    async with look(size, scheme="light", channel="4") as screen:
        await screen.ask("papers on differential privacy")
        await screen.see("Differentially private")
        await screen.tab.locator("[data-does='payload']").last.press("Enter")
        dialog = screen.tab.get_by_role("dialog", name="What Discord received")
        await dialog.wait_for()
        assert await screen.faults() == []
        await dialog.get_by_label("byte for byte").check()
        shown = await dialog.locator("pre").all_text_contents()
        received = [each.raw for each in page.discord.requests if each.path == "/channels/4/messages"]
        assert [text.encode() for text in shown] == received
        await screen.tab.keyboard.press("Escape")
        await dialog.wait_for(state="detached")


@pytest.mark.parametrize("size", SIZES)
async def test_each_button_under_an_answer_does_its_work(
    look: Look, page: Served, bot: Assistant, size: str
) -> None:
    async with look(size, channel="4") as screen:
        tab = screen.tab
        await screen.ask("papers on differential privacy")
        answer = tab.locator(".message.bot").first
        await answer.wait_for(timeout=PATIENCE_MS)
        await answer.get_by_role("button", name="Similar").press("Enter")
        await screen.see("Most like")
        await answer.get_by_role("button", name="👍").press("Enter")
        await screen.see("this answer was good")
        await answer.get_by_role("button", name="👎").press("Enter")
        form = tab.get_by_role("dialog", name="What was wrong?")
        await form.get_by_label("In your words").fill("It is not what I asked.")
        assert await screen.faults() == []
        await form.get_by_role("button", name="Submit").press("Enter")
        await screen.see("this answer was not good")
        await answer.get_by_role("button", name="🗑️").press("Enter")
        await tab.locator(".message.bot:not(.ephemeral)").wait_for(state="detached", timeout=PATIENCE_MS)


class Buttons(discord.ui.View):
    """One of each kind that a person can press or choose."""

    @discord.ui.button(label="Primary", style=discord.ButtonStyle.primary)
    async def primary(self, interaction: discord.Interaction, button: discord.ui.Button[Buttons]) -> None:
        await interaction.response.send_message("primary it is")

    @discord.ui.button(label="Secondary", style=discord.ButtonStyle.secondary, emoji="👍")
    async def secondary(self, interaction: discord.Interaction, button: discord.ui.Button[Buttons]) -> None:
        await interaction.response.edit_message(content="secondary it is")

    @discord.ui.button(label="Success", style=discord.ButtonStyle.success)
    async def success(self, interaction: discord.Interaction, button: discord.ui.Button[Buttons]) -> None:
        await interaction.response.send_modal(Reason())

    @discord.ui.button(label="Danger", style=discord.ButtonStyle.danger)
    async def danger(self, interaction: discord.Interaction, button: discord.ui.Button[Buttons]) -> None:
        await interaction.response.defer()
        await interaction.delete_original_response()

    @discord.ui.button(label="Never", disabled=True)
    async def never(self, interaction: discord.Interaction, button: discord.ui.Button[Buttons]) -> None:
        raise AssertionError("a disabled button was pressed")

    @discord.ui.select(
        placeholder="Some of these",
        max_values=2,
        options=[
            discord.SelectOption(label=name, description=f"about {name}") for name in ("one", "two", "three")
        ],
    )
    async def some(self, interaction: discord.Interaction, select: discord.ui.Select[Buttons]) -> None:
        await interaction.response.send_message(f"chosen: {' and '.join(select.values)}")


class Reason(discord.ui.Modal, title="Why, if I may ask?"):
    reason: discord.ui.TextInput[Reason] = discord.ui.TextInput(
        label="Your reason", style=discord.TextStyle.paragraph, min_length=3
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"because {self.reason.value}", ephemeral=True)


@app_commands.command(description="Show what can be pressed.")
async def press(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Press one.", view=Buttons())


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "dark"), ("desktop", "light"), ("phone", "light")])
async def test_everything_can_be_pressed(look: Look, run_commands: RunCommands, size: str, scheme: str) -> None:
    async with run_commands(press), look(size, scheme=scheme) as screen:
        tab = screen.tab
        await use(screen, "press")
        assert await screen.faults() == []
        await tab.get_by_role("button", name="Primary").click()
        await screen.see("primary it is")
        await tab.get_by_role("button", name="👍 Secondary").press("Enter")
        await tab.get_by_text("secondary it is").wait_for()
        assert await tab.get_by_role("button", name="Never").is_disabled()
        await tab.get_by_role("button", name="Some of these").press("Enter")
        for key in ("Enter", "ArrowDown", "ArrowDown", " "):
            await tab.keyboard.press(key)
        assert await screen.faults() == []
        await tab.keyboard.press("Escape")
        await screen.see("chosen: one and three")
        await tab.get_by_role("button", name="Success").press("Enter")
        form = tab.get_by_role("dialog", name="Why, if I may ask?")
        await form.wait_for()
        assert await tab.get_by_label("Your reason").evaluate("element => element === document.activeElement")
        assert await screen.faults() == []
        await tab.keyboard.type("I want to")
        await form.get_by_role("button", name="Submit").press("Enter")
        await screen.see("because I want to")
        assert await tab.get_by_role("button", name="Success").evaluate("each => each === document.activeElement")
        await tab.get_by_role("button", name="Danger").click()
        await tab.get_by_text("secondary it is").wait_for(state="detached")


async def test_what_the_bot_does_not_do_is_told(look: Look, page: Served, run_commands: RunCommands) -> None:
    @app_commands.command(description="Say nothing.")
    async def silent(interaction: discord.Interaction) -> None:
        page.discord.clock.advance(4)

    async with run_commands(silent), look() as screen:
        await screen.ask("/silent")
        await screen.tab.keyboard.press("Enter")
        await screen.tab.get_by_role("alert").get_by_text("the bot acknowledges /silent within 3 s").wait_for()
        assert await screen.faults() == []
        screen.wrong.clear()  # the browser notes the answer's status, which says the same


async def test_a_thread_shows_when_something_is_said_in_it(look: Look, page: Served) -> None:
    async with look(channel="4") as screen:
        thread = page.place.guild.add_thread(page.place.guild.channels[0], "who wrote RLSbench?")
        await page.discord.say(page.place.you, thread, "hello")
        await screen.tab.get_by_role("button", name="# who wrote RLSbench?").press("Enter")
        await screen.see("hello")


RENDERED = {
    "**bold** and *slanted*": "<strong>bold</strong> and <em>slanted</em>",
    "**bold with \\* in it**": "<strong>bold with * in it</strong>",
    "__under__ ~~struck~~ _s_ snake_case_name": "<u>under</u> <s>struck</s> <em>s</em> snake_case_name",
    "`code <b>` ``a ` b``": "<code>code &lt;b&gt;</code> <code>a ` b</code>",
    "\\*not bold\\* \\<@1\\>": "*not bold* &lt;@1&gt;",
    "<@1> in <#3> and <@9>": '<span class="mention">@You</span> in <span class="mention">#papers</span> and '
    '<span class="mention">@unknown-user</span>',
    "[site](https://example.org/a_b)": '<a href="https://example.org/a_b" target="_blank" '
    'rel="noopener noreferrer">site</a>',
    "[site](javascript:alert(1))": "[site](javascript:alert(1))",
    "see <https://example.org>.": 'see <a href="https://example.org" target="_blank" '
    'rel="noopener noreferrer">https://example.org</a>.',
    "<img src=x onerror=alert(1)>": "&lt;img src=x onerror=alert(1)&gt;",
}
BLOCKS = {
    "> a\n> b\nc": ["blockquote", "div"],
    "-# small": ["small"],
    "# Big": ["div"],
    "- one\n- two\n1. three": ["div", "div", "div"],
    "a\n```py\nx = 1\n```\nb": ["div", "pre", "div"],
    ">>> a\nb": ["blockquote"],
    "2. \\- 1": ["div"],
}
MAKE = """async (texts) => {
  const { markdown, inline } = await import("/static/markdown.js");
  const who = { users: { 1: "You" }, channels: { 3: "papers" } };
  const whole = (nodes) => { const box = document.createElement("div"); box.append(...nodes); return box; };
  return texts.map((text) => {
    const box = whole(markdown(text, who));
    return {
      inline: whole(inline(text, who)).innerHTML, blocks: [...box.children].map((each) => each.localName),
      text: box.textContent, names: [...box.querySelectorAll("*")].map((each) => each.localName),
    };
  });
}"""


async def test_markdown_reads_as_in_discord(look: Look) -> None:
    async with look() as screen:
        made = await screen.tab.evaluate(MAKE, [*RENDERED, *BLOCKS])
        assert [each["inline"] for each in made[: len(RENDERED)]] == list(RENDERED.values())
        assert [each["blocks"] for each in made[len(RENDERED) :]] == list(BLOCKS.values())


async def test_inert_text_is_read_as_it_stands_and_does_nothing(look: Look) -> None:
    texts = [text for text in HOSTILE if "\n" not in text]
    async with look() as screen:
        made = await screen.tab.evaluate(MAKE, [inert(text) for text in texts])
        for text, shown in zip(texts, made, strict=True):
            assert set(shown["names"]) <= {"div"}, text
        quoted = await screen.tab.evaluate(MAKE, [quote(text) for text in HOSTILE])
        for text, shown in zip(HOSTILE, quoted, strict=True):
            assert set(shown["names"]) <= {"blockquote", "div"}, text


async def test_hostile_words_stay_words_everywhere(look: Look, page: Served, run_bot: RunBot) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(1)</script>[x](javascript:alert(1))\"'&"
    assistant = Scripted()
    assistant.known = {"author": [hostile]}
    async with run_bot(assistant), look() as screen:
        await screen.ask(hostile)
        await screen.see(hostile)
        await screen.ask("/papers")
        await screen.tab.focus("#command [name='author']")
        await screen.tab.get_by_role("option").get_by_text(hostile).wait_for()
        assert await screen.tab.locator("img, .log script, .log a").count() == 0


async def test_colours_are_those_of_the_system_until_one_chooses(look: Look) -> None:
    async with look(scheme="light") as screen:
        ground = "getComputedStyle(document.body).backgroundColor"
        assert await screen.tab.evaluate(ground) == "rgb(255, 255, 255)"
        await screen.tab.get_by_role("button", name="Switch to dark colours").press("Enter")
        assert await screen.tab.evaluate(ground) != "rgb(255, 255, 255)"
        await screen.tab.reload()
        await screen.tab.wait_for_selector("body[data-ready]")
        assert await screen.tab.evaluate(ground) != "rgb(255, 255, 255)"


async def test_nothing_scrolls_sideways_on_a_phone(look: Look, page: Served, bot: Assistant) -> None:
    async with look("phone", channel="4") as screen:
        await screen.ask("papers on differential privacy " + "x" * 200)
        await screen.tab.locator(".message.bot").wait_for(timeout=PATIENCE_MS)
        for box in ("document.documentElement", "document.getElementById('log')"):
            assert await screen.tab.evaluate(f"{box}.scrollWidth <= {box}.clientWidth")


async def test_the_assets_are_small(page: Served) -> None:
    from bot.web.place import STATIC

    assert sum(file.stat().st_size for file in STATIC.iterdir()) < 700_000


async def test_the_page_says_when_digestbot_has_stopped_and_is_there_again_with_it(
    browser: Browser, place: Place
) -> None:
    async with page_over(place) as page:
        port = urlsplit(page.address).port or 0
        context = await browser.new_context()
        tab = await context.new_page()
        await tab.goto(page.address)
        await tab.wait_for_selector("body[data-ready]")
    await tab.get_by_role("alert").get_by_text("digestbot does not answer").wait_for(timeout=PATIENCE_MS)
    async with page_over(place, port=port):
        await tab.get_by_role("alert").get_by_text("digestbot does not answer").wait_for(state="detached")
        await tab.wait_for_selector("body[data-ready]")
    await context.close()
