"""``/digest add`` with files, from the upload to the answer; and how it goes on where it takes long."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from bot.discord.digest_commands import BETWEEN, Progress
from bot.sources.ingest import MAX_BYTES
from bot.testing import Upload
from corpus.errors import EncoderError
from tests.bot.discord.scripted import Scripted, state

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.assistant import Assistant
    from bot.sources.ingest import Listener, Outcome
    from bot.testing import Channel, Guild, Loopback, User
    from tests.bot.discord.conftest import Start

PAGE = """# Our reading list

## Bandit problems

**[Quick bandits on slow rivers](https://example.org/a)**
Ada Lovelace, Grace Hopper

**[Bandits that count sheep](https://example.org/b)**
Grace Hopper
"""
WORDS = "Zeppelins over Zanzibar carried forty barrels of marmalade to the lighthouse keeper."


@pytest.fixture
async def real(start: Start, empty: Assistant) -> AsyncIterator[Assistant]:
    """A bot that runs with a real assistant, which has read one page."""
    page = empty._library.folder / "common.md"
    page.write_text("# Common page\n\nBandits are mentioned here for everybody to read.\n", encoding="utf-8")
    empty.ingest([page])
    async with start(empty):
        yield empty


async def test_a_file_is_read_and_answered_from_in_its_server_alone(
    loopback: Loopback, real: Assistant, alice: User, channel: Channel
) -> None:
    file = Upload("reading-list.md", f"{PAGE}\n## Notes\n\n{WORDS}\n".encode())
    reply = await loopback.slash(alice, "digest add", channel=channel, file=file)
    assert reply.content.startswith("Added: ")
    assert reply.content.endswith("Ask away.")
    assert "request" not in reply.content
    answer = await loopback.slash(alice, "ask", channel=channel, question="what did the zeppelins carry?")
    assert "marmalade" in str(answer.embeds)
    elsewhere = loopback.add_guild("Other")
    elsewhere.add_member(alice)
    for place in (elsewhere.add_channel("general"), None):
        answer = await loopback.slash(alice, "ask", channel=place, question="what did the zeppelins carry?")
        assert "marmalade" not in f"{answer.content}{answer.embeds}"
    again = await loopback.slash(alice, "digest add", channel=channel, file=file)
    assert again.content == "That page is already here, and has not changed."


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (Upload("nothing.md", b""), "I could not add that page: the file is empty."),
        (Upload("blank.md", b"  \n \t\n"), "I could not add that page: "),
        (Upload("picture.md", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "binary, not text"),
        (Upload("program.exe", b"MZ\x90\x00"), "I could not add that page: "),
        (Upload("no ending", b"# Words"), "I could not add that page: "),
        (Upload("half.txt", b"\xff\xfeW\x00o\x00r"), "I could not add that page: "),
        (
            Upload("large.md", b"# Large", size=MAX_BYTES + 1),
            "That file is too large: pages may have at most 16 MB.",
        ),
        (Upload("lies.md", b"# a" * (MAX_BYTES // 3 + 10), size=100), "pages may have at most 16 MB"),
    ],
    ids=lambda value: value.filename if isinstance(value, Upload) else None,
)
async def test_a_file_that_cannot_be_read_gets_one_clear_line_and_loses_nothing(
    loopback: Loopback, real: Assistant, alice: User, channel: Channel, guild: Guild, file: Upload, says: str
) -> None:
    reply = await loopback.slash(alice, "digest add", channel=channel, file=file)
    assert says in reply.content.replace("\\", "")
    assert "\n" not in reply.content
    assert "Traceback" not in reply.content
    assert [document.scope for document in real.digests(guild.id)] == [None]


async def test_an_older_encoding_is_read(
    loopback: Loopback, real: Assistant, alice: User, channel: Channel
) -> None:
    file = Upload("café.txt", "Café society\n\nThe naïve façade of the café hid a résumé.\n".encode("cp1252"))
    assert (await loopback.slash(alice, "digest add", channel=channel, file=file)).content.startswith("Added: ")
    answer = await loopback.slash(alice, "ask", channel=channel, question="what did the façade of the café hide?")
    assert "naïve façade" in str(answer.embeds)


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_a_file_that_discord_does_not_give_is_told(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, status: int
) -> None:
    loopback.fail_next("GET", "/attachments/*", status=status)
    reply = await loopback.slash(alice, "digest add", channel=channel, file=Upload("a.md", b"# A"))
    assert reply.content == "I could not download that file from Discord. Please try again."
    assert assistant.asked == []


class Reading:
    """An assistant's ingest that goes on when a test lets it."""

    def __init__(self, assistant: Scripted) -> None:
        self.go = threading.Event()
        self.heard: list[Listener] = []
        self.begun = threading.Event()
        self.error: Exception | None = None
        self._assistant = assistant
        assistant.ingest = self  # type: ignore[assignment, method-assign]

    def __call__(
        self, sources: object, *, listener: Listener | None = None, scope: int | None = None
    ) -> list[Outcome]:
        assert listener is not None
        self.heard.append(listener)
        self.begun.set()
        assert self.go.wait(30)
        if self.error is not None:
            raise self.error
        return [self._assistant.outcome]


@pytest.fixture
def reading(assistant: Scripted) -> Reading:
    return Reading(assistant)


async def test_how_it_goes_on_is_shown_by_edits(
    loopback: Loopback, reading: Reading, alice: User, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord.digest_commands.BETWEEN", 0.01)
    adding = asyncio.create_task(loopback.slash(alice, "digest add", channel=channel, file=Upload("a.md", b"# A")))
    await asyncio.to_thread(reading.begun.wait, 10)
    reading.heard[0].embedding(12, 40)
    await loopback.until(
        lambda: any(m.content == "Reading… 12 of 40 passages" for m in channel.messages.values()),
        "the progress is shown",
    )
    reading.go.set()
    await adding
    (message,) = channel.messages.values()
    await loopback.until(lambda: message.content.startswith("Added: 2 papers"), "the outcome is told")


async def test_edits_are_no_more_than_one_in_two_seconds_and_only_of_what_is_new() -> None:
    shown: list[str] = []
    waits: list[float] = []
    ticks: asyncio.Queue[None] = asyncio.Queue()

    async def show(text: str) -> None:
        shown.append(text)

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        await ticks.get()

    async def tick() -> None:
        ticks.put_nowait(None)
        for _ in range(10):
            await asyncio.sleep(0)

    async with Progress(show, pause=pause) as progress:
        await asyncio.sleep(0)
        await tick()
        for done in range(30):
            progress.embedding(done, 30)
        await tick()
        await tick()
        progress.embedding(30, 30)
        await tick()
    assert shown == ["Reading… 29 of 30 passages", "Reading… 30 of 30 passages"]
    assert set(waits) == {BETWEEN}
    assert BETWEEN >= 2


async def test_a_page_that_takes_longer_than_discord_waits_is_told_of_in_the_channel(
    loopback: Loopback, reading: Reading, alice: User, channel: Channel
) -> None:
    adding = asyncio.create_task(loopback.slash(alice, "digest add", channel=channel, file=Upload("a.md", b"# A")))
    await asyncio.to_thread(reading.begun.wait, 10)
    loopback.clock.advance(901)
    reading.go.set()
    await asyncio.gather(adding, return_exceptions=True)
    await loopback.until(lambda: len(channel.visible()) == 2, "the outcome is posted")
    assert channel.visible()[1].content == "Added: 2 papers, 1 job post. Ask away."


async def test_a_late_failure_is_told_too_and_to_the_user_where_the_channel_is_closed(
    loopback: Loopback, reading: Reading, alice: User, channel: Channel
) -> None:
    reading.error = EncoderError("no model in /secret/folder")
    adding = asyncio.create_task(loopback.slash(alice, "digest add", channel=channel, file=Upload("a.md", b"# A")))
    await asyncio.to_thread(reading.begun.wait, 10)
    loopback.clock.advance(901)
    channel.bot_may_send = False
    reading.go.set()
    await asyncio.gather(adding, return_exceptions=True)
    private = loopback.direct_channel(alice)
    await loopback.until(lambda: bool(private.visible()), "the outcome is told in private")
    assert "Something went wrong on my side" in private.visible()[0].content
    assert "secret" not in private.visible()[0].content


async def test_a_late_outcome_in_a_private_server_goes_to_the_user_alone(
    loopback: Loopback, start: Start, alice: User, channel: Channel
) -> None:
    assistant = Scripted()
    reading = Reading(assistant)
    async with start(assistant, state()):
        panel = await loopback.slash(alice, "settings", channel=channel)
        await loopback.click(alice, panel, custom_id="settings:private:on")
        adding = asyncio.create_task(
            loopback.slash(alice, "digest add", channel=channel, file=Upload("a.md", b"# A"))
        )
        await asyncio.to_thread(reading.begun.wait, 10)
        loopback.clock.advance(901)
        reading.go.set()
        await asyncio.gather(adding, return_exceptions=True)
        private = loopback.direct_channel(alice)
        await loopback.until(lambda: bool(private.visible()), "the outcome is told in private")
        assert channel.visible() == []


async def test_who_adds_a_page_while_the_bot_is_stopped_is_told(
    loopback: Loopback, start: Start, alice: User, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord.service.GRACE", 0.01)
    assistant = Scripted()
    reading = Reading(assistant)
    async with start(assistant) as task:
        adding = asyncio.create_task(
            loopback.slash(alice, "digest add", channel=channel, file=Upload("a.md", b"# A"))
        )
        await asyncio.to_thread(reading.begun.wait, 10)
        task.cancel()
        assert (await adding).content.startswith("I am restarting in the middle of that page")
        reading.go.set()


async def test_an_edit_under_way_is_waited_for_and_one_that_fails_does_no_harm() -> None:
    order: list[str] = []
    begun, go = asyncio.Event(), asyncio.Event()

    async def show(text: str) -> None:
        begun.set()
        await go.wait()
        order.append(text)
        raise OSError("no network")

    async def at_once(seconds: float) -> None:
        await asyncio.sleep(0)

    progress = Progress(show, pause=at_once)

    async def read() -> None:
        async with progress:
            progress.embedding(1, 2)
            await begun.wait()
        order.append("Added")

    reading = asyncio.create_task(read())
    await begun.wait()
    await asyncio.sleep(0)
    go.set()
    await reading
    assert order == ["Reading… 1 of 2 passages", "Added"]
