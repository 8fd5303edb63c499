"""A strict Discord on 127.0.0.1 for tests and the page: a gateway, the REST API, and people who use the bot.

``Loopback`` holds every request against Discord's rules (and against its OpenAPI document, where that lies beside
the checkout and jsonschema is installed), refuses what Discord would refuse, and notes it. It takes faults on
order, has a clock that can be moved by hand, and shows what its users see.

With ``pytest_plugins = ["bot.testing.fixtures"]`` (and pytest-asyncio) a new command is tested like this:

    async def test_greet(loopback, alice, channel, run_commands):
        async with run_commands(greet):
            reply = await loopback.slash(alice, "greet", channel=channel, name="Bo")
        assert reply.content == "Hello, Bo."

Without pytest:

    async with Loopback() as discord:
        channel = discord.add_guild("Reading group").add_channel("papers")
        alice = channel.guild.add_member(discord.add_user("alice"))
        ...  # start the bot with discord.token on discord.api_url
        await discord.wait_ready()
        reply = await discord.slash(alice, "ask", channel=channel, question="who wrote it?")
        assert reply.embeds
        assert not discord.refused and not discord.unknown_requests and not discord.pings
"""

from __future__ import annotations

from bot.testing.errors import NotPossibleError
from bot.testing.exchange import Upload
from bot.testing.interactions import Reply
from bot.testing.kinds import Flag, Intent
from bot.testing.loopback import Loopback, NoReplyError
from bot.testing.world import Channel, Guild, Message, User

__all__ = [
    "Channel",
    "Flag",
    "Guild",
    "Intent",
    "Loopback",
    "Message",
    "NoReplyError",
    "NotPossibleError",
    "Reply",
    "Upload",
    "User",
]
