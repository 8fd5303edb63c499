"""The buttons under a reply: more, similar and delete, as users press them, also after a restart."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from bot.discord import render as buttons
from bot.discord.answers import ALL
from bot.discord.interactions import NOT_YOURS
from bot.discord.render import CONTEXT_ID
from tests.bot.discord.pressed import Ranking, acts, of, titles
from tests.bot.discord.reading import visible
from tests.bot.discord.samples import answer, citation
from tests.bot.discord.scripted import Scripted

if TYPE_CHECKING:
    from bot.state import StateFile
    from bot.testing import Channel, Guild, Loopback, User
    from tests.bot.discord.conftest import Start

NO_PERMISSIONS = 0
MANAGE_MESSAGES = 1 << 13


async def test_a_reply_has_a_row_for_its_menu_and_one_for_its_buttons(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    assert [len(row["components"]) for row in reply.components] == [1, 5]
    assert acts(reply) == ["more", "similar", "up", "down", "delete"]
    assert [b.get("label") or b["emoji"]["name"] for b in reply.buttons] == ["More", "Similar", "👍", "👎", "🗑️"]
    assert all(len(button["custom_id"]) <= 100 for button in reply.buttons)


async def test_more_shows_the_next_citations_until_there_are_none(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel, guild: Guild
) -> None:
    await loopback.slash(alice, "ask", channel=channel, question="on bandits?")
    first = await loopback.slash(alice, "ask", channel=channel, question="papers?", kind="paper")
    second = await loopback.click(alice, first, custom_id=of(first, "more"))
    third = await loopback.click(alice, second, custom_id=of(second, "more"))
    assert titles(second) == [f"[{n}] Paper {n}" for n in range(6, 11)]
    assert titles(third) == ["[11] Paper 11", "[12] Paper 12"]
    assert visible(second.content) == "More on “papers?”"
    assert "more" not in acts(third)
    assert not second.ephemeral
    assert len({reply.message.id for reply in (first, second, third)}) == 3
    again = {"question": "papers?", "history": ["on bandits?"], "kind": "paper", "digest": None, "scope": guild.id}
    assert ranking.asked[-1] == again


async def test_nothing_more_is_told(loopback: Loopback, ranking: Ranking, alice: User, channel: Channel) -> None:
    ranking.found = 5
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    told = await loopback.click(alice, reply, custom_id=of(reply, "more"))
    assert (told.content, told.embeds, acts(told)) == (ALL, [], ["delete"])
    gone = await loopback.click(alice, told, custom_id=of(told, "delete"))
    assert gone.deleted


async def test_more_ends_where_what_is_found_has_little_to_do_with_the_question(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel
) -> None:
    ranking.falling = 0.07
    first = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    second = await loopback.click(alice, first, custom_id=of(first, "more"))
    assert titles(second) == ["[6] Paper 6", "[7] Paper 7", "[8] Paper 8"]
    assert "more" not in acts(second)
    ranking.falling = 0.2
    assert "more" not in acts(await loopback.slash(alice, "ask", channel=channel, question="papers?"))


async def test_more_is_shown_to_everyone_once_and_then_to_who_presses(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel, guild: Guild
) -> None:
    bob = guild.add_member(loopback.add_user("bob"))
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    his = await loopback.click(bob, reply, custom_id=of(reply, "more"))
    hers = await loopback.click(alice, reply, custom_id=of(reply, "more"))
    again = await loopback.click(alice, reply, custom_id=of(reply, "more"))
    assert [his.ephemeral, hers.ephemeral, again.ephemeral] == [True, False, True]
    assert titles(his) == titles(hers) == titles(again)
    assert "delete" not in acts(his)
    further = await loopback.click(bob, his, custom_id=of(his, "more"))
    assert further.ephemeral
    assert titles(further) == ["[11] Paper 11", "[12] Paper 12"]


async def test_two_presses_at_once_are_one_reply_for_everyone(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    presses = [loopback.click(alice, reply, custom_id=of(reply, "more")) for _ in range(4)]
    shown = await asyncio.gather(*presses)
    assert sorted(each.ephemeral for each in shown) == [False, True, True, True]


async def test_an_answer_that_cannot_be_kept_is_given_without_buttons(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel, kept: StateFile
) -> None:
    before = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    with kept.transaction() as db:
        db.execute("DROP TABLE answers")
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    assert titles(reply) == titles(before)
    assert acts(reply) == []
    told = await loopback.click(alice, before, custom_id=of(before, "more"))
    assert "Something went wrong" in told.content
    assert "sqlite" not in told.content


async def test_a_question_with_half_a_character_is_answered(
    loopback: Loopback, ranking: Ranking, alice: User
) -> None:
    reply = await loopback.slash(alice, "ask", question="papers \ud83d?")
    assert titles(reply)[0] == "[1] Paper 1"


async def test_more_of_a_list_is_its_next_page(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel
) -> None:
    first = await loopback.slash(alice, "papers", channel=channel, topic="Bandits")
    assert acts(first) == ["more", "similar", "delete"]
    second = await loopback.click(alice, first, custom_id=of(first, "more"))
    third = await loopback.click(alice, second, custom_id=of(second, "more"))
    assert second.content == "12 papers, page 2"
    assert titles(second) == [f"[{n}] Paper {n}" for n in range(6, 11)]
    assert titles(third) == ["[11] Paper 11", "[12] Paper 12"]
    assert "more" not in acts(third)


async def test_what_did_not_fit_into_a_reply_comes_with_more(
    loopback: Loopback, start: Start, alice: User
) -> None:
    long = "A sentence with marks. " * 160
    scripted = Scripted(answer=answer(*[citation(rank=n, entry_id=n, excerpt=long) for n in range(1, 4)]))
    async with start(scripted):
        first = await loopback.slash(alice, "ask", question="who?")
        second = await loopback.click(alice, first, custom_id=of(first, "more"))
    assert [title[:3] for title in titles(first)] == ["[1]"]
    assert [title[:3] for title in titles(second)] == ["[2]"]


async def test_similar_entries_are_shown_to_who_presses_alone(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel, guild: Guild
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    likest = await loopback.click(alice, reply, custom_id=of(reply, "similar"))
    assert ranking.asked[-1] == {"like": 1, "scope": guild.id, "top": 6, "offset": 0}
    assert likest.ephemeral
    assert titles(likest) == [f"[{n}] Like {n}" for n in range(1, 6)]
    next_ = await loopback.click(alice, likest, custom_id=of(likest, "similar"))
    last = await loopback.click(alice, next_, custom_id=of(next_, "similar"))
    assert titles(last) == ["[11] Like 11", "[12] Like 12"]
    assert acts(last) == []
    read = await loopback.select(alice, last, custom_id=CONTEXT_ID, values=["111:10:57"])
    assert read.embeds


async def test_a_quote_that_was_read_has_its_own_similar_entries(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    read = await loopback.select(alice, reply, custom_id=CONTEXT_ID, values=["3:10:57"])
    likest = await loopback.click(alice, read, custom_id=of(read, "similar"))
    assert ranking.asked[-1]["like"] == 3
    assert likest.embeds


async def test_buttons_work_in_direct_messages_and_under_answers_to_mentions(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel
) -> None:
    for reply in (await loopback.direct_message(alice, "papers?"), await loopback.mention(alice, channel, "who?")):
        second = await loopback.click(alice, reply, custom_id=of(reply, "more"))
        assert titles(second)[0] == "[6] Paper 6"
        assert (await loopback.click(alice, reply, custom_id=of(reply, "similar"))).embeds
        gone = await loopback.click(alice, reply, custom_id=of(reply, "delete"))
        assert gone.deleted


async def test_buttons_work_where_only_the_user_has_the_bot(
    loopback: Loopback, ranking: Ranking, alice: User
) -> None:
    alice.installed_app = True
    foreign = loopback.add_guild("Elsewhere", with_bot=False)
    foreign.add_member(alice)
    reply = await loopback.slash(alice, "ask", channel=foreign.add_channel("general"), question="papers?")
    second = await loopback.click(alice, reply, custom_id=of(reply, "more"))
    assert titles(second)[0] == "[6] Paper 6"
    assert ranking.asked[-1]["scope"] is None
    assert (await loopback.click(alice, reply, custom_id=of(reply, "delete"))).deleted


async def test_buttons_from_before_a_restart_work(
    loopback: Loopback, start: Start, alice: User, channel: Channel
) -> None:
    async with start(Ranking()):
        reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    async with start(Ranking()):
        second = await loopback.click(alice, reply, custom_id=of(reply, "more"))
        likest = await loopback.click(alice, reply, custom_id=of(reply, "similar"))
        assert titles(second)[0] == "[6] Paper 6"
        assert titles(likest)[0] == "[1] Like 1"
        assert (await loopback.click(alice, reply, custom_id=of(reply, "delete"))).deleted


@pytest.mark.parametrize("command", ["ask", "papers", "jobs"])
async def test_a_private_answer_is_seen_by_the_asker_alone_and_so_is_all_that_follows(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel, command: str
) -> None:
    options = {"question": "papers?"} if command == "ask" else {}
    reply = await loopback.slash(alice, command, channel=channel, only_me=True, **options)
    assert reply.ephemeral
    assert reply.embeds
    assert "delete" not in acts(reply)
    second = await loopback.click(alice, reply, custom_id=of(reply, "more"))
    assert second.ephemeral
    assert titles(second)[0] == "[6] Paper 6"
    assert channel.visible() == []


async def test_a_reply_is_deleted_by_its_asker_and_by_who_may_manage_messages(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel, guild: Guild, kept: StateFile
) -> None:
    bob, eve = (guild.add_member(loopback.add_user(name)) for name in ("bob", "eve"))
    guild.permissions = {alice.id: NO_PERMISSIONS, eve.id: NO_PERMISSIONS, bob.id: MANAGE_MESSAGES}
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    refused = await loopback.click(eve, reply, custom_id=of(reply, "delete"))
    assert (refused.content, refused.ephemeral) == (NOT_YOURS, True)
    assert not reply.deleted
    await loopback.click(alice, reply, custom_id=of(reply, "delete"))
    assert reply.deleted
    other = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    await loopback.click(bob, other, custom_id=of(other, "delete"))
    assert other.deleted
    await loopback.settle()
    with kept.reading() as db:
        assert db.execute("SELECT count(*) FROM answers").fetchone() == (0,)


def test_every_button_fits_into_what_discord_takes() -> None:
    most = 2**64 - 1
    every = [
        buttons.more_button("x" * 16),
        buttons.similar_button(most, most),
        *buttons.vote_buttons("x" * 16),
        buttons.undo_button("x" * 16),
        buttons.delete_button(most, "x" * 16),
    ]
    for button in every:
        assert len(button.custom_id) <= 100
        assert re.fullmatch(r"digestbot:[a-z]+:\S+", button.custom_id)
