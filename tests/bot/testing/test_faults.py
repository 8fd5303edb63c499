"""Faults on order, and requests that nothing answers."""

from __future__ import annotations

import aiohttp
import discord
import pytest

from .botlet import Botlet, running


async def test_failure_meets_the_next_matching_request_once(place, http):
    path = f"/channels/{place.channel.id}/messages"
    place.server.fail_next("POST", "/channels/*/messages", status=503)
    assert (await http("GET", path))[0] == 200
    assert (await http("POST", path, {"content": "x"}))[0] == 503
    assert (await http("POST", path, {"content": "x"}))[0] == 200
    assert [e.injected for e in place.server.requests] == [False, True, False]
    assert not place.server.refused


@pytest.mark.parametrize("takes_effect", [True, False])
async def test_dropped_request_may_have_taken_effect(place, http, takes_effect):
    path = f"/channels/{place.channel.id}/messages"
    place.server.drop_next("POST", "/channels/*", takes_effect=takes_effect)
    with pytest.raises(aiohttp.ClientConnectionError):
        await http("POST", path, {"content": "x"})
    assert len(place.channel.messages) == takes_effect


async def test_enforced_nonce_saves_a_second_post(place, http):
    body = {"content": "x", "nonce": "1", "enforce_nonce": True}
    path = f"/channels/{place.channel.id}/messages"
    place.server.drop_next("POST", "/channels/*", takes_effect=True)
    with pytest.raises(aiohttp.ClientConnectionError):
        await http("POST", path, body)
    assert (await http("POST", path, body))[0] == 200
    assert len(place.channel.messages) == 1


async def test_rate_limited_bot_waits_and_tries_again(place, monkeypatch):
    async with running(Botlet(), place.server, monkeypatch):
        place.server.rate_limit_next("POST", "/channels/*/messages", retry_after=0.01, times=2)
        reply = await place.server.direct_message(place.alice, "hi")
    assert reply.content == "heard: hi"
    statuses = [e.status for e in place.server.requests if e.path.endswith("/messages")]
    assert statuses == [429, 429, 200]


async def test_closed_direct_messages_and_missing_permission(place, monkeypatch):
    bot = Botlet()
    async with running(bot, place.server, monkeypatch):
        place.alice.dms_open = False
        with pytest.raises(discord.Forbidden) as closed:
            await (await bot.fetch_user(place.alice.id)).send("psst")
        place.channel.bot_may_send = False
        with pytest.raises(discord.Forbidden) as silenced:
            await bot.get_channel(place.channel.id).send("hello")
    assert (closed.value.code, silenced.value.code) == (50007, 50013)


async def test_wrong_token_is_refused(place, http):
    assert await http("GET", "/users/@me", token="wrong") == (401, {"message": "401: Unauthorized", "code": 0})
    assert (await http("GET", "/gateway", token="wrong"))[0] == 200


async def test_unknown_request_is_recorded(place, http):
    assert await http("GET", "/guilds/5/bans") == (404, {"message": "404: Not Found", "code": 0})
    assert [(e.method, e.path) for e in place.server.unknown_requests] == [("GET", "/guilds/5/bans")]


async def test_discord_py_finds_its_way_around(place, monkeypatch):
    bot = Botlet()
    async with running(bot, place.server, monkeypatch):
        guild = await bot.fetch_guild(place.guild.id)
        member = await guild.fetch_member(place.alice.id)
        channels = await guild.fetch_channels()
        channel = await bot.fetch_channel(place.channel.id)
        sent = await channel.send("one")
        await sent.edit(content="two")
        history = [m.content async for m in channel.history(limit=5)]
        await sent.delete()
        with pytest.raises(discord.NotFound) as gone:
            await channel.fetch_message(sent.id)
    assert (guild.name, member.name, [c.name for c in channels]) == ("Reading group", "alice", ["papers"])
    assert history == ["two"]
    assert gone.value.code == 10008
    assert not place.server.unknown_requests
    assert not place.server.refused


async def test_sharded_bot_asks_for_its_gateway(place, monkeypatch):
    bot = discord.AutoShardedClient(intents=discord.Intents(guilds=True))
    async with running(bot, place.server, monkeypatch):
        assert bot.get_guild(place.guild.id).name == "Reading group"
    assert "/gateway/bot" in [e.path for e in place.server.requests]
