"""A strict Discord on 127.0.0.1 for tests: a gateway, the REST API, and people who use the bot.

async with Loopback() as discord:
    channel = discord.add_guild("Reading group").add_channel("papers")
    alice = channel.guild.add_member(discord.add_user("alice"))
    ...  # start the bot with discord.token on discord.api_url
    await discord.wait_ready()
    reply = await discord.slash(alice, "ask", channel=channel, question="who wrote it?")
    assert reply.embeds
    assert not discord.refused and not discord.unknown_requests and not discord.pings
"""

from .loopback import Loopback, NoReplyError
from .message import Flag, Message
from .reply import Reply
from .state import Channel, Guild, Intent, User

__all__ = ["Channel", "Flag", "Guild", "Intent", "Loopback", "Message", "NoReplyError", "Reply", "User"]
