"""The protocol of an interaction: once, in time, acknowledged first."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot.testing import Flag, Loopback, NoReplyError
from bot.testing.interactions import Kind

from .botlet import Botlet, running


@pytest.fixture
async def interaction(place):
    return place.server.interactions.open(Kind.COMMAND, place.alice, place.channel)


def callback(interaction):
    return f"/interactions/{interaction.id}/{interaction.token}/callback"


def webhook(place, interaction):
    return f"/webhooks/{place.server.bot.id}/{interaction.token}"


def code(answer):
    return answer[1]["code"]


async def test_first_response_is_due_within_three_seconds(place, http, interaction):
    place.server.clock.advance(3.1)
    answer = await http("POST", callback(interaction), {"type": 5})
    assert (answer[0], code(answer)) == (404, 10062)
    assert (
        code(await http("PATCH", webhook(place, interaction) + "/messages/@original", {"content": "x"})) == 10015
    )


async def test_late_bot_is_told_and_its_user_sees_no_answer(monkeypatch):
    async with Loopback(time_scale=0) as server:
        alice, bot, go_on = server.add_user("alice"), Botlet(), asyncio.Event()

        @bot.tree.command(description="Slow")
        async def slow(interaction: discord.Interaction) -> None:
            await go_on.wait()
            await interaction.response.send_message("too late")

        async with running(bot, server, monkeypatch):
            asked = asyncio.create_task(server.slash(alice, "slow"))
            await server.until(lambda: bool(server.interactions.by_token), "alice asks")
            server.clock.advance(3.1)
            with pytest.raises(NoReplyError, match="acknowledges /slow within 3 s"):
                await asked
            go_on.set()
            await server.until(lambda: bool(bot.errors), "the bot fails")
    assert isinstance(bot.errors[0], discord.NotFound)
    assert bot.errors[0].code == 10062


async def test_acknowledgement_is_timed_on_the_clock(monkeypatch):
    async with Loopback(time_scale=0) as server:
        bot = Botlet()

        @bot.tree.command(description="Slow")
        async def slow(interaction: discord.Interaction) -> None:
            server.clock.advance(2)
            await interaction.response.defer()
            server.clock.advance(600)
            await interaction.edit_original_response(content="done")

        async with running(bot, server, monkeypatch):
            reply = await server.slash(server.add_user("alice"), "slow")
    assert reply.content == "done"
    assert reply.acknowledged_after == pytest.approx(2)


async def test_only_one_response_is_taken(place, http, interaction):
    assert (await http("POST", callback(interaction), {"type": 4, "data": {"content": "one"}}))[0] == 204
    answer = await http("POST", callback(interaction), {"type": 4, "data": {"content": "two"}})
    assert (answer[0], code(answer)) == (400, 40060)
    assert interaction.original.content == "one"


async def test_follow_up_and_edit_need_an_acknowledgement_first(place, http, interaction):
    assert code(await http("POST", webhook(place, interaction), {"content": "early"})) == 10015
    assert (
        code(await http("PATCH", webhook(place, interaction) + "/messages/@original", {"content": "x"})) == 10015
    )


async def test_token_dies_after_fifteen_minutes(place, http, interaction):
    await http("POST", callback(interaction), {"type": 5})
    place.server.clock.advance(899)
    assert (await http("GET", webhook(place, interaction) + "/messages/@original"))[0] == 200
    place.server.clock.advance(2)
    answer = await http("PATCH", webhook(place, interaction) + "/messages/@original", {"content": "late"})
    assert (answer[0], code(answer)) == (401, 50027)
    assert interaction.original.loading


async def test_first_follow_up_fills_a_deferral_in_and_stays_public(place, http, interaction):
    await http("POST", callback(interaction), {"type": 5})
    status, message = await http("POST", webhook(place, interaction), {"content": "answer", "flags": 64})
    assert status == 200
    assert message["id"] == str(interaction.original.id)
    assert interaction.original.content == "answer"
    assert not interaction.original.ephemeral
    status, second = await http("POST", webhook(place, interaction), {"content": "whisper", "flags": 64})
    assert second["id"] == str(interaction.followups[0].id)
    assert interaction.followups[0].ephemeral


async def test_deferral_may_be_ephemeral_and_nothing_else(place, http, interaction):
    answer = await http("POST", callback(interaction), {"type": 5, "data": {"flags": int(Flag.SUPPRESS_EMBEDS)}})
    assert code(answer) == 50035
    assert "flags" in answer[1]["errors"]["data"]
    assert (await http("POST", callback(interaction), {"type": 5, "data": {"flags": 64}}))[0] == 204
    assert interaction.original.ephemeral
    assert interaction.original.loading


@pytest.mark.parametrize("kind", [6, 7, 8])
async def test_command_cannot_be_answered_as_something_else(place, http, interaction, kind):
    answer = await http("POST", callback(interaction), {"type": kind, "data": {"choices": []}})
    assert code(answer) == 50035
    assert interaction.response is None


async def test_response_can_be_asked_back(place, http, interaction):
    body = {"type": 4, "data": {"content": "one", "flags": 64}}
    status, answer = await http("POST", callback(interaction) + "?with_response=true", body)
    assert status == 200
    assert answer["interaction"]["response_message_ephemeral"] is True
    assert answer["resource"]["message"]["content"] == "one"


async def test_replies_can_be_read_changed_and_deleted(place, http, interaction):
    base = webhook(place, interaction) + "/messages"
    await http("POST", callback(interaction), {"type": 4, "data": {"content": "one"}})
    _, followup = await http("POST", webhook(place, interaction), {"content": "two"})
    assert (await http("PATCH", f"{base}/{followup['id']}", {"content": "two, changed"}))[0] == 200
    assert (await http("GET", f"{base}/{followup['id']}"))[1]["content"] == "two, changed"
    assert (await http("DELETE", f"{base}/@original"))[0] == 204
    assert code(await http("GET", f"{base}/@original")) == 10008
    assert [m.content for m in place.channel.visible()] == ["two, changed"]


async def test_autocompletion_offers_at_most_25_choices_of_100_characters(place, http):
    interaction = place.server.interactions.open(Kind.AUTOCOMPLETE, place.alice, place.channel, completes=3)
    many = [{"name": str(n), "value": str(n)} for n in range(26)]
    for choices in (many, [{"name": "x" * 101, "value": "x"}], [{"name": "x", "value": 5}]):
        assert code(await http("POST", callback(interaction), {"type": 8, "data": {"choices": choices}})) == 50035
    assert (await http("POST", callback(interaction), {"type": 8, "data": {"choices": many[:25]}}))[0] == 204
    assert len(place.server.refused) == 3
