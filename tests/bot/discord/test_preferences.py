"""``/settings``: what an admin chooses holds everywhere, at once and after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.discord.digest_commands import NOT_ALLOWED
from corpus.model import Kind
from tests.bot.discord.samples import answer
from tests.bot.discord.scripted import Scripted, state

if TYPE_CHECKING:
    import pytest

    from bot.testing import Channel, Guild, Loopback, Reply, User
    from tests.bot.discord.conftest import Start

PREFIX = "settings:"


async def panel(loopback: Loopback, alice: User, channel: Channel) -> Reply:
    reply = await loopback.slash(alice, "settings", channel=channel)
    assert reply.ephemeral
    return reply


def words(reply: Reply) -> str:
    return str(reply.embeds[0]["description"])


def controls(reply: Reply) -> dict[str, dict[str, Any]]:
    rows = [row["components"] for row in reply.components]
    return {each["custom_id"].removeprefix(PREFIX): each for row in rows for each in row}


async def test_the_panel_tells_what_holds_and_has_a_control_for_each(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    reply = await panel(loopback, alice, channel)
    assert words(reply).split("\n") == [
        "**Mentions** are answered in every channel",
        "**Answers to commands** are visible to everybody",
        "**A mention** is answered in place",
        "**Shown** are papers, job posts, articles, figures",
        "**Questions**: 1000 a minute for each user",
        "**Ratings** under answers are on",
    ]
    assert list(controls(reply)) == ["channels", "kinds", "quota", "private:on", "threads:on", "feedback:off"]
    assert len(reply.components) <= 5


async def test_private_answers_are_seen_by_the_asker_alone(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    reply = await panel(loopback, alice, channel)
    changed = await loopback.click(alice, reply, custom_id=f"{PREFIX}private:on")
    assert "visible to the asker alone" in words(changed)
    assert "private:off" in controls(changed)
    for command, options in (("ask", {"question": "who?"}), ("papers", {}), ("jobs", {}), ("digests", {})):
        assert (await loopback.slash(alice, command, channel=channel, **options)).ephemeral, command
    assert not (await loopback.slash(alice, "ask", question="who?")).ephemeral
    message = await loopback.say(alice, channel, "RLSbench looks good")
    assert (await loopback.message_command(alice, "Ask the digest", message)).ephemeral
    await loopback.click(alice, reply, custom_id=f"{PREFIX}private:off")
    assert not (await loopback.slash(alice, "ask", channel=channel, question="who?")).ephemeral


async def test_mentions_are_answered_in_the_chosen_channels_and_their_threads_only(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    other = guild.add_channel("general")
    reply = await panel(loopback, alice, channel)
    changed = await loopback.select(alice, reply, custom_id=f"{PREFIX}channels", values=[str(channel.id)])
    assert f"<#{channel.id}>" in words(changed)
    assert controls(changed)["channels"]["default_values"] == [{"id": channel.id, "type": "channel"}]
    assert (await loopback.mention(alice, channel, "who?")).embeds
    assert (await loopback.mention(alice, guild.add_thread(channel, "inside"), "who?")).embeds
    for place in (other, guild.add_thread(other, "outside")):
        await loopback.say(alice, place, f"{loopback.bot.mention} who?")
        await loopback.settle()
        assert len(place.visible()) == 1
    assert (await loopback.slash(alice, "ask", channel=other, question="who?")).embeds
    await loopback.select(alice, reply, custom_id=f"{PREFIX}channels", values=[])
    assert (await loopback.mention(alice, other, "who?")).embeds


async def test_a_chosen_channel_that_was_deleted_does_not_break_the_panel(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    other = guild.add_channel("general")
    reply = await panel(loopback, alice, channel)
    await loopback.select(alice, reply, custom_id=f"{PREFIX}channels", values=[str(other.id)])
    loopback.delete_channel(other)
    again = await panel(loopback, alice, channel)
    assert f"<#{other.id}>" in words(again)
    assert "default_values" not in controls(again)["channels"]


async def test_only_the_chosen_kinds_are_shown(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    reply = await panel(loopback, alice, channel)
    changed = await loopback.select(alice, reply, custom_id=f"{PREFIX}kinds", values=["paper", "article"])
    assert "**Shown** are papers, articles" in words(changed)
    await loopback.slash(alice, "ask", channel=channel, question="who?")
    await loopback.mention(alice, channel, "who?")
    await loopback.direct_message(alice, "who?")
    await loopback.slash(alice, "ask", channel=channel, question="who?", kind="paper")
    chosen = frozenset({Kind.PAPER, Kind.ARTICLE})
    assert [asked["kind"] for asked in assistant.asked] == [chosen, chosen, None, "paper"]
    refused = await loopback.slash(alice, "ask", channel=channel, question="who?", kind="job")
    assert refused.content == "This server does not show job posts. Its admins can change that."
    assert "does not show job posts" in (await loopback.slash(alice, "jobs", channel=channel)).content
    assert (await loopback.slash(alice, "papers", channel=channel)).embeds
    await loopback.select(alice, reply, custom_id=f"{PREFIX}kinds", values=list(Kind))
    await loopback.slash(alice, "ask", channel=channel, question="who?")
    assert assistant.asked[-1]["kind"] is None


async def test_what_is_not_shown_is_not_said_to_be_missing(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    panel_ = await panel(loopback, alice, channel)
    await loopback.select(alice, panel_, custom_id=f"{PREFIX}kinds", values=["paper"])
    assistant.answer = answer(answered=False, summary="The digest has no job posts in Spain.")
    reply = await loopback.slash(alice, "ask", channel=channel, question="any jobs in Spain?")
    assert reply.content == "This server does not show job posts. Its admins can change that."
    outside = await loopback.direct_message(alice, "any jobs in Spain?")
    assert outside.content == "The digest has no job posts in Spain."


async def test_a_quota_holds_for_each_user(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    reply = await panel(loopback, alice, channel)
    changed = await loopback.select(alice, reply, custom_id=f"{PREFIX}quota", values=["1"])
    assert "1 a minute for each user" in words(changed)
    bob = guild.add_member(loopback.add_user("bob"))
    for user in (alice, bob):
        assert (await loopback.slash(user, "ask", channel=channel, question="who?")).embeds
        assert "next question in" in (await loopback.slash(user, "ask", channel=channel, question="who?")).content
    assert (await loopback.slash(alice, "ask", question="who?")).embeds


async def test_what_was_chosen_holds_after_a_restart_and_an_old_panel_works(
    loopback: Loopback, start: Start, alice: User, channel: Channel
) -> None:
    kept = state()
    async with start(Scripted(), kept):
        reply = await panel(loopback, alice, channel)
        await loopback.click(alice, reply, custom_id=f"{PREFIX}feedback:off")
    async with start(Scripted(), kept):
        assert "are off" in words(await panel(loopback, alice, channel))
        changed = await loopback.click(alice, reply, custom_id=f"{PREFIX}feedback:on")
        assert "are on" in words(changed)


async def test_servers_choose_for_themselves(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    other = loopback.add_guild("Other")
    other.add_member(alice)
    there = other.add_channel("general")
    reply = await panel(loopback, alice, channel)
    await loopback.click(alice, reply, custom_id=f"{PREFIX}private:on")
    assert not (await loopback.slash(alice, "ask", channel=there, question="who?")).ephemeral


async def test_who_may_not_manage_the_server_changes_nothing(
    loopback: Loopback,
    assistant: Scripted,
    alice: User,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reply = await panel(loopback, alice, channel)
    with monkeypatch.context() as less:
        less.setattr("bot.testing.world.EVERYTHING", "2048")
        told = await loopback.slash(alice, "settings", channel=channel)
        assert told.content == NOT_ALLOWED
        assert told.ephemeral
        told = await loopback.click(alice, reply, custom_id=f"{PREFIX}private:on")
        assert told.content == NOT_ALLOWED
    assert "visible to everybody" in words(await panel(loopback, alice, channel))


async def test_the_command_is_for_who_may_manage_a_server_with_the_bot(
    loopback: Loopback, assistant: Scripted
) -> None:
    (registered,) = [command for command in loopback.commands.all() if command["name"] == "settings"]
    assert registered["default_member_permissions"] == str(1 << 5)
    assert registered["contexts"] == [0]
    assert registered["integration_types"] == [0]


async def test_kinds_that_are_not_shown_are_not_shown_behind_buttons_either(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    reply = await panel(loopback, alice, channel)
    answer = await loopback.slash(alice, "ask", channel=channel, question="who?")
    similar = next(each["custom_id"] for each in answer.buttons if "similar" in each["custom_id"])
    assert (await loopback.click(alice, answer, custom_id=similar)).embeds
    await loopback.select(alice, reply, custom_id=f"{PREFIX}kinds", values=["job"])
    assert (await loopback.click(alice, answer, custom_id=similar)).embeds == []
