"""How the gateway treats its clients, and how it misbehaves on request."""

from __future__ import annotations

import json

import aiohttp
import discord
import pytest

from bot.testing import Intent, Loopback

from .botlet import INTENTS, Botlet, running


async def test_bot_with_three_plain_intents_gets_in(place, monkeypatch):
    async with running(Botlet(), place.server, monkeypatch):
        assert place.server.intents == Intent.GUILDS | Intent.GUILD_MESSAGES | Intent.DIRECT_MESSAGES
        assert not place.server.intents & Intent.privileged()


async def test_privileged_intent_that_was_not_granted_ends_the_bot(place, monkeypatch):
    intents = discord.Intents(guilds=True, message_content=True)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(Botlet(intents=intents), place.server, monkeypatch):
            pass
    assert place.server.intents & Intent.MESSAGE_CONTENT


async def test_granted_message_content_reaches_the_bot(monkeypatch):
    async with Loopback(privileged=Intent.MESSAGE_CONTENT) as server:
        guild = server.add_guild("Reading group")
        channel, alice = guild.add_channel("papers"), guild.add_member(server.add_user("alice"))
        bot = Botlet(intents=discord.Intents(message_content=True) | INTENTS)
        async with running(bot, server, monkeypatch):
            await server.say(alice, channel, "hello")
            await server.settle()
        assert bot.heard[0].content == "hello"


async def test_wrong_token_is_turned_away(place, monkeypatch):
    bot, server = Botlet(), place.server
    monkeypatch.setattr(server, "token", "another")
    with pytest.raises(discord.LoginFailure):
        async with running(bot, server, monkeypatch):
            pass


async def test_dropped_bot_resumes_and_hears_what_it_missed(place, monkeypatch):
    bot, server = Botlet(), place.server
    async with running(bot, server, monkeypatch):
        await server.gateway.drop()
        reply = await server.direct_message(place.alice, "are you there?")
        await server.until(lambda: bot.resumes == 1, "the bot resumes")
    assert reply.content == "heard: are you there?"
    assert (server.gateway.identifies, server.gateway.resumes) == (1, 1)
    assert [m.content for m in bot.heard] == ["are you there?"]


async def test_bot_reconnects_when_asked(place, monkeypatch):
    bot, server = Botlet(), place.server
    async with running(bot, server, monkeypatch):
        await server.gateway.request_reconnect()
        await server.until(lambda: bot.resumes == 1, "the bot resumes")
        assert (await server.mention(place.alice, place.channel, "hi")).content.endswith("hi")
    assert server.gateway.identifies == 1


@pytest.mark.parametrize(("resumable", "identifies", "resumes"), [(True, 1, 1), (False, 2, 0)])
async def test_invalid_session_is_resumed_or_begun_anew(place, monkeypatch, resumable, identifies, resumes):
    server = place.server
    async with running(Botlet(), server, monkeypatch):
        before = server.gateway.connections
        await server.gateway.invalidate(resumable=resumable)
        await server.until(lambda: server.gateway.connections > before, "the bot comes back")
        await server.wait_ready()
        assert (await server.direct_message(place.alice, "hi")).content == "heard: hi"
    assert (server.gateway.identifies, server.gateway.resumes) == (identifies, resumes)


async def test_session_that_is_gone_cannot_be_resumed(place, monkeypatch):
    server = place.server
    async with running(Botlet(), server, monkeypatch):
        before = server.gateway.connections
        await server.gateway.drop()
        server.gateway.sessions.clear()
        await server.until(lambda: server.gateway.identifies == 2, "the bot identifies anew")
        await server.wait_ready()
        assert (await server.direct_message(place.alice, "hi")).content == "heard: hi"
    assert server.gateway.connections == before + 2


async def test_first_connections_can_be_refused(server):
    server.gateway.refuse_connections = 1
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await session.ws_connect(server.gateway_url)
        async with session.ws_connect(server.gateway_url) as socket:
            assert (await socket.receive_json())["op"] == 10


async def test_guild_joined_later_is_told_of(place, monkeypatch):
    bot = Botlet()
    async with running(bot, place.server, monkeypatch):
        later = place.server.add_guild("Later")
        later.add_channel("general")
        await place.server.settle()
        assert [c.name for c in bot.get_guild(later.id).text_channels] == ["general"]


async def test_client_without_compression_reads_plain_text(server):
    async with aiohttp.ClientSession() as session, session.ws_connect(server.gateway_url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": server.token, "intents": 1}})
        ready = await socket.receive_json()
        assert (ready["t"], ready["s"]) == ("READY", 1)
        assert ready["d"]["resume_gateway_url"] == server.gateway_url


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", 4002),
        (json.dumps({"op": 99}), 4001),
        (json.dumps({"op": 3, "d": {}}), 4003),
        (json.dumps({"op": 2, "d": {"token": "wrong", "intents": 0}}), 4004),
        (json.dumps({"op": 2, "d": {}}), 4004),
    ],
)
async def test_unruly_client_is_hung_up_on(server, frame, code):
    async with aiohttp.ClientSession() as session, session.ws_connect(server.gateway_url) as socket:
        await socket.receive_json()
        await socket.send_str(frame)
        message = await socket.receive()
    assert message.type is aiohttp.WSMsgType.CLOSE
    assert message.data == code
