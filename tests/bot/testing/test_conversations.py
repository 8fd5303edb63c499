"""What users get from a bot made with discord.py: commands, direct messages, mentions."""

from __future__ import annotations

import asyncio

import discord
import pytest
from discord import app_commands

from bot.testing import NoReplyError

from .botlet import Botlet, running


def asking_bot() -> Botlet:
    """A bot whose /ask is deferred and then answered with an embed."""
    bot = Botlet()

    @bot.tree.command(description="Ask")
    @app_commands.describe(question="What to ask", digest="Where to look")
    async def ask(interaction: discord.Interaction, question: str, digest: str = "all") -> None:
        await interaction.response.defer()
        embed = discord.Embed(title=digest, description=question)
        await interaction.edit_original_response(content=interaction.user.name, embed=embed)

    @ask.autocomplete("digest")
    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        digests = ["icml-2023", "icml-2024", "kdd-2023"]
        return [app_commands.Choice(name=d.upper(), value=d) for d in digests if d.startswith(typed)]

    @bot.tree.context_menu(name="Ask the digest")
    async def ask_about(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"about: {message.content}", ephemeral=True)

    return bot


async def test_deferred_command_ends_in_an_embed(place, monkeypatch):
    async with running(asking_bot(), place.server, monkeypatch):
        reply = await place.server.slash(place.alice, "ask", channel=place.channel, question="who?")
    assert reply.content == "alice"
    assert reply.embeds == [{"type": "rich", "flags": 0, "title": "all", "description": "who?"}]
    assert len(reply.edits) == 1
    assert not reply.ephemeral
    assert 0 < reply.acknowledged_after < 1
    assert not place.server.refused
    assert not place.server.unknown_requests


async def test_command_works_in_direct_messages(place, monkeypatch):
    async with running(asking_bot(), place.server, monkeypatch):
        reply = await place.server.slash(place.alice, "ask", channel=None, question="who?", digest="icml")
    assert reply.message.channel is place.server.direct_channel(place.alice)
    assert reply.embeds[0]["title"] == "icml"


async def test_autocomplete_offers_what_fits(place, monkeypatch):
    async with running(asking_bot(), place.server, monkeypatch):
        choices = await place.server.autocomplete(place.alice, "ask", "digest", "icml", channel=place.channel)
    assert choices == [
        {"name": "ICML-2023", "value": "icml-2023"},
        {"name": "ICML-2024", "value": "icml-2024"},
    ]


async def test_message_command_reads_the_message_whole(place, monkeypatch):
    bot = asking_bot()
    async with running(bot, place.server, monkeypatch):
        message = await place.server.say(place.alice, place.channel, "a secret")
        reply = await place.server.message_command(place.alice, "Ask the digest", message)
        await place.server.settle()
    assert reply.content == "about: a secret"
    assert reply.ephemeral
    assert bot.heard[0].content == ""


async def test_direct_message_is_answered_there(place, monkeypatch):
    async with running(Botlet(), place.server, monkeypatch):
        first = await place.server.direct_message(place.alice, "hello")
        second = await place.server.direct_message(place.alice, "again", reply_to=first)
    assert (first.content, second.content) == ("heard: hello", "heard: again")
    assert first.message.reference.content == "hello"
    assert first.acknowledged_after < 1
    assert not place.server.pings


async def test_mention_is_answered_and_other_messages_reach_the_bot_empty(place, monkeypatch):
    bot = Botlet()
    async with running(bot, place.server, monkeypatch):
        await place.server.say(place.alice, place.channel, "nobody asked")
        reply = await place.server.mention(place.alice, place.channel, "who?")
        await place.server.say(place.alice, place.channel, "and then?", reply_to=reply)
        await place.server.settle()
        first = await bot.get_channel(place.channel.id).fetch_message(bot.heard[0].id)
    assert reply.content == f"heard: <@{place.server.bot.id}> who?"
    assert [m.content for m in bot.heard] == ["", f"<@{place.server.bot.id}> who?", "and then?"]
    assert first.content == ""


async def test_each_of_many_asking_at_once_gets_their_own_answer(place, monkeypatch):
    people = [place.guild.add_member(place.server.add_user(f"reader{n}")) for n in range(20)]
    async with running(asking_bot(), place.server, monkeypatch):
        asked = (place.server.slash(p, "ask", channel=place.channel, question=f"for {p.name}") for p in people)
        replies = await asyncio.gather(*asked)
    assert [r.embeds[0]["description"] for r in replies] == [f"for {p.name}" for p in people]


async def test_user_cannot_send_what_the_command_does_not_take(place, monkeypatch):
    server, alice = place.server, place.alice
    async with running(asking_bot(), server, monkeypatch):
        with pytest.raises(AssertionError, match=r"registered no command 'answer'"):
            await server.slash(alice, "answer", question="who?")
        with pytest.raises(AssertionError, match="has no option 'topic'"):
            await server.slash(alice, "ask", question="who?", topic="x")
        with pytest.raises(AssertionError, match=r"cannot be sent without \['question'\]"):
            await server.slash(alice, "ask", digest="icml")
        with pytest.raises(AssertionError, match="is of type 3 and cannot be 5"):
            await server.slash(alice, "ask", question=5)
        with pytest.raises(AssertionError, match="bob is not in papers"):
            await server.slash(server.add_user("bob"), "ask", channel=place.channel, question="who?")


async def test_silent_bot_fails_the_wait_with_a_clear_word(place, monkeypatch):
    place.server.patience = 0.05
    async with running(discord.Client(intents=discord.Intents.none()), place.server, monkeypatch):
        with pytest.raises(NoReplyError, match="the bot answers 'hello'"):
            await place.server.direct_message(place.alice, "hello")


async def test_command_reaches_people_who_carry_the_app_to_a_foreign_guild(place, monkeypatch):
    bot = Botlet()
    seen: list[discord.Interaction] = []

    @bot.tree.command(description="Ask")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask(interaction: discord.Interaction) -> None:
        seen.append(interaction)
        await interaction.response.send_message("here I am")

    @bot.tree.command(description="Only in servers that have the bot")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def local(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here I am")

    server, alice = place.server, place.alice
    bob = server.add_user("bob")
    elsewhere = server.add_guild("Elsewhere", with_bot=False)
    elsewhere.add_member(alice)
    foreign = elsewhere.add_channel("general")
    async with running(bot, server, monkeypatch):
        with pytest.raises(AssertionError, match="not installed that way here"):
            await server.slash(alice, "ask", channel=foreign)
        alice.installed_app = True
        there = await server.slash(alice, "ask", channel=foreign)
        private = await server.slash(alice, "ask", channel=server.private_channel(alice, bob))
        with pytest.raises(AssertionError, match="leave out 1"):
            await server.slash(alice, "local")
        with pytest.raises(discord.Forbidden):
            await bot.fetch_channel(foreign.id)
    assert (there.content, private.content) == ("here I am", "here I am")
    assert [i.context.guild for i in seen] == [True, False]
    assert seen[0].is_user_integration()
    assert not seen[0].is_guild_integration()


async def test_subcommand_gets_its_options(place, monkeypatch):
    bot = Botlet()
    group = app_commands.Group(name="digest", description="Digests")

    @group.command(name="list", description="List")
    async def list_digests(interaction: discord.Interaction, year: app_commands.Range[int, 2000, 2100]) -> None:
        await interaction.response.send_message(f"those of {year}")

    bot.tree.add_command(group)
    async with running(bot, place.server, monkeypatch):
        reply = await place.server.slash(place.alice, "digest list", year=2023)
        with pytest.raises(AssertionError, match="takes 2000 to 2100, not 1999"):
            await place.server.slash(place.alice, "digest list", year=1999)
    assert reply.content == "those of 2023"
