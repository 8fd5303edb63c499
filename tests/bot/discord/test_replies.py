"""An answer goes when its question goes, and who replies to it goes on from it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.discord.conversations import REPLY_LIFETIME as LIFETIME
from bot.discord.conversations import Replies
from bot.state.answers import ReplyStore
from tests.bot.discord.scripted import Scripted, state

if TYPE_CHECKING:
    from pathlib import Path

    from bot.testing import Channel, Guild, Loopback, Reply, User
    from tests.bot.discord.conftest import Start


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def question_of(reply: Reply) -> object:
    assert reply.message.reference is not None
    return reply.message.reference


async def gone(loopback: Loopback, reply: Reply) -> None:
    await loopback.until(lambda: reply.deleted, "the answer goes")


async def test_the_answer_to_a_mention_goes_with_its_question(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    kept = await loopback.mention(alice, channel, "who?")
    reply = await loopback.mention(alice, channel, "who wrote it?")
    await loopback.delete(question_of(reply))
    await gone(loopback, reply)
    assert not kept.deleted


async def test_the_answer_to_a_direct_message_goes_with_its_question(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    reply = await loopback.direct_message(alice, "who?")
    await loopback.delete(question_of(reply))
    await gone(loopback, reply)


async def test_of_a_deleted_question_nothing_is_kept_for_buttons(
    loopback: Loopback, start: Start, alice: User, channel: Channel
) -> None:
    kept, assistant = state(), Scripted()

    def questions() -> list[str]:
        with kept.reading() as db:
            return [question for (question,) in db.execute("SELECT question FROM answers ORDER BY created")]

    async with start(assistant, kept):
        await loopback.mention(alice, channel, "who stays?")
        reply = await loopback.mention(alice, channel, "who goes?")
        assert questions() == ["who stays?", "who goes?"]
        await loopback.delete(question_of(reply))
        await loopback.until(lambda: questions() == ["who stays?"], "the answer's row goes")
        assistant.gate.clear()
        question = await loopback.say(alice, channel, f"{loopback.bot.mention} who goes unheard?")
        for _ in range(3):
            await asyncio.to_thread(assistant.started.acquire)
        await loopback.delete(question)
        await loopback.wait_ready()
        assistant.gate.set()
        await loopback.mention(alice, channel, "who else?")
        await loopback.until(lambda: questions() == ["who stays?", "who else?"], "that of the other goes, too")


async def test_many_questions_deleted_at_once_take_their_answers_with_them(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    replies = [await loopback.mention(alice, channel, f"who wrote number {number}?") for number in range(3)]
    await loopback.delete(*[question_of(reply) for reply in replies])
    for reply in replies:
        await gone(loopback, reply)


async def test_an_answer_goes_with_its_question_after_a_restart(
    loopback: Loopback, start: Start, alice: User, channel: Channel
) -> None:
    kept = state()
    async with start(Scripted(), kept):
        reply = await loopback.mention(alice, channel, "who?")
    async with start(Scripted(), kept):
        await loopback.delete(question_of(reply))
        await gone(loopback, reply)


async def test_a_question_deleted_before_its_answer_is_there_gets_none(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    assistant.gate.clear()
    question = await loopback.say(alice, channel, f"{loopback.bot.mention} who?")
    await asyncio.to_thread(assistant.started.acquire)
    await loopback.delete(question)
    await loopback.wait_ready()
    assistant.gate.set()
    assert (await loopback.mention(alice, channel, "who else?")).embeds
    assert len([message for message in channel.visible() if message.author is loopback.bot]) == 1


@pytest.mark.parametrize("status", [403, 404])
async def test_an_answer_that_cannot_be_deleted_does_not_stop_the_bot(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, status: int
) -> None:
    reply = await loopback.mention(alice, channel, "who?")
    loopback.fail_next("DELETE", "/channels/*", status=status)
    await loopback.delete(question_of(reply))
    assert (await loopback.mention(alice, channel, "who?")).embeds


async def test_a_reply_to_an_answer_goes_on_from_that_answers_question(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    bob = guild.add_member(loopback.add_user("bob"))
    first = await loopback.mention(alice, channel, "papers on bandits?")
    await loopback.mention(alice, channel, "what is privacy?")
    await loopback.mention(bob, channel, "and who wrote it?", reply_to=first)
    await loopback.mention(bob, channel, "and in 2024?")
    assert [asked["history"] for asked in assistant.asked] == [
        [],
        ["papers on bandits?"],
        ["papers on bandits?"],
        ["papers on bandits?", "and who wrote it?"],
    ]


async def test_a_reply_that_rings_the_bot_needs_no_mention_and_one_that_does_not_is_left_alone(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    first = await loopback.slash(alice, "ask", channel=channel, question="papers on bandits?")
    await loopback.say(alice, channel, "and who wrote it?", reply_to=first, ring=False)
    await loopback.settle()
    assert len(assistant.asked) == 1
    await loopback.say(alice, channel, "and who wrote it?", reply_to=first)
    await loopback.until(lambda: len(assistant.asked) == 2, "the reply is asked")
    await loopback.settle()
    assert assistant.asked[1]["question"] == "and who wrote it?"
    assert assistant.asked[1]["history"] == ["papers on bandits?"]


async def test_replies_to_an_answer_are_understood_after_a_restart(
    loopback: Loopback, start: Start, alice: User, channel: Channel
) -> None:
    kept = state()
    async with start(Scripted(), kept):
        first = await loopback.mention(alice, channel, "papers on bandits?")
        private = await loopback.direct_message(alice, "papers on privacy?")
    assistant = Scripted()
    async with start(assistant, kept):
        await loopback.mention(alice, channel, "and who wrote it?", reply_to=first)
        await loopback.direct_message(alice, "how many?", reply_to=private)
    assert [asked["history"] for asked in assistant.asked] == [["papers on bandits?"], ["papers on privacy?"]]


async def test_what_is_older_than_a_day_is_forgotten(tmp_path: Path) -> None:
    clock, file = Clock(), ReplyStore(state())
    replies = Replies(file, clock=clock)
    replies.keep(1, 10, 2, 7, ("who?",))
    clock.now += LIFETIME / 2
    replies.keep(3, 10, 4, 7, ("where?",))
    await replies.written()
    clock.now += LIFETIME / 2 + 1
    assert replies.of(1, 10) is None
    assert replies.of(3, 10) is not None
    assert replies.of(3, 11) is None
    await replies.tidy()
    assert [kept.reply for kept in file.latest(10, 0.0)] == [3]
    assert replies.held == 1


async def test_memory_is_bounded_and_the_newest_are_kept() -> None:
    file = ReplyStore(state())
    replies = Replies(file, most=10)
    for number in range(100):
        replies.keep(number, 1, 1000 + number, 7, ("who?",))
    await replies.written()
    assert replies.held == 10
    assert replies.of(99, 1) is not None
    assert [kept.reply for kept in file.latest(10, 0.0)] == list(range(90, 100))
    again = Replies(file, most=10)
    assert again.deleted(1099) is not None
    assert again.deleted(1099) is None
    await again.written()


async def test_a_full_disk_loses_no_answer(
    loopback: Loopback, start: Start, alice: User, channel: Channel
) -> None:
    kept = state()
    async with start(Scripted(), kept):
        kept.close()
        reply = await loopback.mention(alice, channel, "who?")
        assert "request" in reply.content
        assert str(kept.path) not in reply.content
