"""``/digest``: what a server's admins add is the server's own."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.discord.digest_commands import NOT_ALLOWED, outcome_reply
from bot.discord.worker_pool import BusyError, WorkerPool
from bot.sources.ingest import Outcome
from corpus.model import Kind
from tests.bot.discord.scripted import Scripted, document

if TYPE_CHECKING:
    from bot.testing import Channel, Guild, Loopback, User

PAGE = "https://example.org/guide.html"


async def test_a_page_is_added_to_the_server_that_it_was_added_in(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    reply = await loopback.slash(alice, "digest add", channel=channel, address=PAGE)
    assert reply.content == "Added: 2 papers, 1 job post. Ask away."
    (asked,) = assistant.asked
    assert asked["scope"] == guild.id
    assert asked["sources"][0].address == PAGE


async def test_one_page_of_a_server_is_read_at_a_time(loopback: Loopback, assistant: Scripted) -> None:
    workers, begun, go = WorkerPool(assistant), threading.Event(), threading.Event()

    def slow(sources: object, *, listener: object = None, scope: int | None = None) -> list[Outcome]:
        begun.set()
        assert go.wait(10)
        return [assistant.outcome]

    assistant.ingest = slow  # type: ignore[method-assign]
    first = asyncio.create_task(workers.read([], 7))
    await asyncio.to_thread(begun.wait, 10)
    with pytest.raises(BusyError, match="still reading"):
        await workers.read([], 7)
    go.set()
    assert await first == [assistant.outcome]
    assert await workers.read([], 7) == [assistant.outcome]
    workers.close()


async def test_neither_file_nor_address_is_told(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    reply = await loopback.slash(alice, "digest add", channel=channel)
    assert reply.content == "Give me either a file or an address."
    reply = await loopback.slash(alice, "digest add", channel=channel, address="example.org")
    assert reply.content.startswith("An address begins with http")
    assert assistant.asked == []


async def test_who_may_not_manage_the_server_changes_nothing(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.testing.world.EVERYTHING", "2048")
    for command, options in (("add", {"address": PAGE}), ("remove", {"digest": "000_icml-2023"}), ("list", {})):
        reply = await loopback.slash(alice, f"digest {command}", channel=channel, **options)
        assert reply.content == NOT_ALLOWED
    assert assistant.asked == []


async def test_only_the_servers_own_digests_can_be_removed(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    common, own = document("common", "A common guide"), document("own", "Our guide", scope=guild.id)
    assistant.documents = [common, own, document("foreign", "Their guide", scope=guild.id + 1)]
    offered = await loopback.autocomplete(alice, "digest remove", "digest", "", channel=channel)
    assert [each["value"] for each in offered] == ["own"]
    for name in ("common", "foreign", "nothing"):
        reply = await loopback.slash(alice, "digest remove", channel=channel, digest=name)
        assert "has no digest of that name" in reply.content
    reply = await loopback.slash(alice, "digest remove", channel=channel, digest="own")
    assert "Our guide" in reply.content
    assert common in assistant.documents
    assert own not in assistant.documents


async def test_the_servers_own_digests_are_listed(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    reply = await loopback.slash(alice, "digest list", channel=channel)
    assert reply.content == "This server has no digests of its own yet."
    await loopback.slash(alice, "digest add", channel=channel, address=PAGE)
    assistant.documents.append(document("own", "Our guide", scope=guild.id))
    reply = await loopback.slash(alice, "digest list", channel=channel)
    assert reply.embeds[0]["title"] == "1 digest"


async def test_pages_of_the_same_name_are_told_apart_and_others_can_be_named(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    assistant.documents = [
        document(name, title, scope=guild.id) for name, title in (("a", "T"), ("b", "T"), ("c", "C"))
    ]
    offered = await loopback.autocomplete(alice, "digest remove", "digest", "", channel=channel)
    assert [(each["name"], each["value"]) for each in offered] == [("T (a)", "a"), ("T (b)", "b"), ("C", "c")]
    reply = await loopback.slash(alice, "digest list", channel=channel)
    assert "T (a)" in reply.embeds[0]["description"]
    assert "Pick one" in (await loopback.slash(alice, "digest remove", channel=channel, digest="t")).content
    for typed in ("C", "b"):
        assert "no longer" in (await loopback.slash(alice, "digest remove", channel=channel, digest=typed)).content
    assert [each.id for each in assistant.documents] == ["a"]


async def test_a_page_that_is_gone_from_its_address_answers_nothing_and_can_be_removed(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    gone = document("own", "Our guide", scope=guild.id, gone=datetime(2026, 3, 3, tzinfo=UTC))
    assistant.documents.append(gone)
    assert "Our guide" not in (await loopback.slash(alice, "digests", channel=channel)).embeds[0]["description"]
    reply = await loopback.slash(alice, "digest list", channel=channel)
    assert "gone from its address since 3 March 2026" in reply.embeds[0]["description"]
    (offered,) = await loopback.autocomplete(alice, "digest remove", "digest", "", channel=channel)
    reply = await loopback.slash(alice, "digest remove", channel=channel, digest=offered["value"])
    assert "no longer" in reply.content
    assert gone not in assistant.documents


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome("page", "failed", error="empty"), "I could not add that page: empty."),
        (Outcome("page", "unchanged", "page"), "That page is already here, and has not changed."),
        (Outcome("page", "changed", "page", {Kind.ARTICLE: 1}), "Updated: 1 article. Ask away."),
        (Outcome("page", "new", "page"), "Added: nothing that I recognise. Ask away."),
        (
            Outcome("page", "new", "page", {Kind.PAPER: 18, Kind.JOB: 1}, unplaced=3),
            "Added: 18 papers, 1 job post, 3 blocks not recognised. Ask away.",
        ),
    ],
)
def test_what_became_of_a_page_is_told(outcome: Outcome, said: str) -> None:
    assert outcome_reply(outcome).content == said
