"""The menu under a reply, which shows a quote in its place, also after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.discord.render import CONTEXT_ID
from corpus.errors import NotFoundError
from tests.bot.discord.samples import answer, citation
from tests.bot.discord.scripted import Scripted

if TYPE_CHECKING:
    from bot.testing import Channel, Guild, Loopback, User
    from tests.bot.discord.conftest import Start


async def test_a_quote_is_shown_in_its_place_to_who_asks_for_it_alone(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    shown = await loopback.select(alice, reply, custom_id=CONTEXT_ID, values=["7:10:57"])
    assert shown.ephemeral
    assert shown.embeds[0]["description"] == "> Before. **A benchmark for label shift.** After."
    assert assistant.asked[-1] == {"entry": 7, "start": 10, "end": 57, "scope": guild.id}
    assert reply.embeds


async def test_the_answer_to_a_message_has_the_menu_too(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    reply = await loopback.direct_message(alice, "who wrote RLSbench?")
    shown = await loopback.select(alice, reply, custom_id=CONTEXT_ID, values=["7:10:57"])
    assert shown.embeds


async def test_each_quote_has_its_entry(loopback: Loopback, assistant: Scripted, alice: User) -> None:
    quotes = [citation(rank=n, entry_id=n, title="x" * 300) for n in range(1, 6)]
    assistant.answer = answer(*quotes)
    reply = await loopback.slash(alice, "ask", question="who?")
    for n in range(1, 6):
        await loopback.select(alice, reply, custom_id=CONTEXT_ID, values=[f"{n}:10:57"])
    assert [asked["entry"] for asked in assistant.asked[1:]] == [1, 2, 3, 4, 5]


async def test_a_passage_that_has_gone_is_told(loopback: Loopback, assistant: Scripted, alice: User) -> None:
    reply = await loopback.slash(alice, "ask", question="who?")
    assistant.error = NotFoundError("That page has been read anew or taken out since. Please ask again.")
    shown = await loopback.select(alice, reply, custom_id=CONTEXT_ID, values=["7:10:57"])
    assert shown.content == "That page has been read anew or taken out since. Please ask again."


async def test_nothing_to_show_has_no_menu(loopback: Loopback, assistant: Scripted, alice: User) -> None:
    assistant.answer = answer(answered=False, summary="That is not in the digest.")
    reply = await loopback.slash(alice, "ask", question="who?")
    assert [button["custom_id"].split(":")[1] for button in reply.buttons] == ["delete"]


async def test_a_menu_from_before_a_restart_works(
    loopback: Loopback, start: Start, alice: User, channel: Channel
) -> None:
    async with start(Scripted()):
        reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    after = Scripted()
    async with start(after):
        shown = await loopback.select(alice, reply, custom_id=CONTEXT_ID, values=["7:10:57"])
        assert shown.embeds
    assert after.asked[0]["entry"] == 7
