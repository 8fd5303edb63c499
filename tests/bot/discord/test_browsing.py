"""The commands that browse, as users see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.errors import NotFoundError
from corpus.model import Kind
from tests.bot.discord.samples import answer, citation
from tests.bot.discord.scripted import Scripted, document
from tests.bot.discord.test_render import HOSTILE

if TYPE_CHECKING:
    from bot.testing import Channel, Guild, Loopback, User


async def test_papers_are_listed_by_their_facts_with_the_servers_scope(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    assistant.answer = answer(citation(), summary="1 paper under Distribution shift")
    reply = await loopback.slash(alice, "papers", channel=channel, topic="Distribution shift", page=2)
    assert reply.content == "1 paper under Distribution shift"
    assert reply.embeds[0]["title"].startswith("[1] RLSbench")
    asked = {"kind": Kind.PAPER, "facts": {"topic": "Distribution shift"}, "scope": guild.id, "page": 2}
    assert assistant.asked == [asked]


async def test_jobs_are_listed_in_direct_messages(loopback: Loopback, assistant: Scripted, alice: User) -> None:
    await loopback.slash(alice, "jobs", place="Spain")
    assert assistant.asked == [{"kind": Kind.JOB, "facts": {"place": "Spain"}, "scope": None, "page": 1}]


async def test_a_name_that_is_not_there_is_told(loopback: Loopback, assistant: Scripted, alice: User) -> None:
    assistant.error = NotFoundError("The digest has no author “Nobody”.")
    reply = await loopback.slash(alice, "papers", author="Nobody")
    assert reply.content == "The digest has no author “Nobody”."


async def test_names_are_offered_as_they_are_typed(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    assistant.known = {"author": ["Ada Moss", "Adam Holt", "Ben Ray", "x" * 101], "place": ["Madrid"]}
    offered = await loopback.autocomplete(alice, "papers", "author", "ad", channel=channel)
    assert [each["value"] for each in offered] == ["Ada Moss", "Adam Holt"]
    offered = await loopback.autocomplete(alice, "papers", "author", "", channel=channel)
    assert [each["value"] for each in offered] == ["Ada Moss", "Adam Holt", "Ben Ray", f"author of {guild.id}"]
    assert [each["value"] for each in await loopback.autocomplete(alice, "jobs", "place", "m")] == ["Madrid"]


async def test_the_digests_are_told_with_what_is_in_them(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    counts = {Kind.PAPER: 18, Kind.JOB: 1}
    assistant.documents = [
        document("one", "A guide", counts=counts),
        *(document(f"d{n}", each) for n, each in enumerate(HOSTILE)),
    ]
    reply = await loopback.slash(alice, "digests")
    (embed,) = reply.embeds
    assert embed["title"] == f"{1 + len(HOSTILE)} digests"
    assert "**A guide**\n-# ICML 2023 · 18 papers · 1 job post" in embed["description"]


async def test_more_digests_than_fit_are_counted(loopback: Loopback, assistant: Scripted, alice: User) -> None:
    assistant.documents = [document(f"d{n}", f"A guide to conference number {n}") for n in range(200)]
    (embed,) = (await loopback.slash(alice, "digests")).embeds
    assert embed["title"] == "200 digests"
    assert " more" in embed["description"].splitlines()[-1]


async def test_help_is_told_to_the_asker_alone(loopback: Loopback, assistant: Scripted, alice: User) -> None:
    reply = await loopback.slash(alice, "help")
    assert "/papers" in reply.content
    assert reply.ephemeral


async def test_a_message_can_be_put_to_the_digest(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    said = await loopback.say(alice, channel, "who wrote\nRLSbench?")
    reply = await loopback.message_command(alice, "Ask the digest", said)
    assert reply.embeds
    assert assistant.asked[0]["question"] == "who wrote RLSbench?"
    assert assistant.asked[0]["scope"] == guild.id
