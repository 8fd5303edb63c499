"""Many questions at once, over the real assistant: all answered, none twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.testing import Guild, Loopback
    from tests.bot.discord.conftest import Start

USERS = 20
QUESTIONS = ("who wrote RLSbench?", "openings in Spain", "what does the weather look like?")


async def test_every_question_of_a_crowd_is_answered_once(
    loopback: Loopback, start: Start, bundled: Assistant, guild: Guild
) -> None:
    channel = guild.add_channel("crowd")
    users = [guild.add_member(loopback.add_user(f"user{number}")) for number in range(USERS)]
    async with start(bundled):
        replies = await asyncio.gather(
            *(
                loopback.slash(user, "ask", channel=channel, question=QUESTIONS[number % len(QUESTIONS)])
                for number, user in enumerate(users)
            ),
            *(
                loopback.direct_message(user, QUESTIONS[number % len(QUESTIONS)])
                for number, user in enumerate(users)
            ),
        )
        await loopback.settle()
    assert len(replies) == 2 * USERS
    assert all(reply.content or reply.embeds for reply in replies)
    assert [len(reply.edits) for reply in replies[:USERS]] == [1] * USERS
    said = [m for user in users for m in loopback.direct_channel(user).visible() if m.author is loopback.bot]
    assert len(said) == USERS
    assert len([m for m in channel.visible() if m.author is loopback.bot]) == USERS
