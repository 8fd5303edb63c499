"""The command /ask, as a user sees it."""

from __future__ import annotations

import asyncio

import pytest

from bot.testing import Channel, Guild, Intent, Loopback, User
from corpus.errors import QuestionError
from tests.bot.discord.reading import unquoted, visible
from tests.bot.discord.samples import answer, citation
from tests.bot.discord.scripted import Scripted, document
from tests.bot.discord.test_render import HOSTILE


async def test_a_question_in_a_server_is_answered_with_the_servers_scope(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="who wrote RLSbench?")
    assert reply.content == "Three authors."
    assert reply.embeds[0]["title"] == "[1] RLSbench: Domain adaptation under relaxed label shift"
    assert unquoted(reply.embeds[0]["description"]) == citation().excerpt
    assert assistant.asked == [
        {"question": "who wrote RLSbench?", "history": [], "kind": None, "digest": None, "scope": guild.id}
    ]


async def test_a_question_in_the_bots_direct_messages_has_no_scope(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    reply = await loopback.slash(alice, "ask", question="who wrote RLSbench?")
    assert reply.embeds
    assert assistant.asked[0]["scope"] is None


async def test_a_user_who_installed_the_bot_can_ask_in_a_server_without_it(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    alice.installed_app = True
    foreign = loopback.add_guild("Elsewhere", with_bot=False)
    foreign.add_member(alice)
    reply = await loopback.slash(alice, "ask", channel=foreign.add_channel("general"), question="who?")
    assert reply.embeds
    assert assistant.asked[0]["scope"] is None


async def test_options_reach_the_assistant(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    await loopback.slash(alice, "ask", channel=channel, question="who?", kind="job", digest="000_icml-2023")
    assert assistant.asked[0]["kind"] == "job"
    assert assistant.asked[0]["digest"] == "000_icml-2023"


async def test_it_is_acknowledged_at_once_however_long_the_answer_takes(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    assistant.gate.clear()
    asking = asyncio.create_task(loopback.slash(alice, "ask", channel=channel, question="who?"))
    await asyncio.to_thread(assistant.started.acquire)
    loopback.clock.advance(5)
    assert not asking.done()
    assistant.gate.set()
    reply = await asking
    assert reply.acknowledged_after is not None
    assert reply.acknowledged_after < 1
    assert len(reply.edits) == 1


@pytest.mark.parametrize("takes_effect", [True, False])
async def test_it_is_answered_though_the_connection_is_lost_at_the_acknowledgement(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, takes_effect: bool
) -> None:
    loopback.drop_next("POST", "/interactions/*/callback", takes_effect=takes_effect)
    assert (await loopback.slash(alice, "ask", channel=channel, question="who?")).embeds


@pytest.mark.parametrize("takes_effect", [True, False])
async def test_an_error_is_told_though_the_connection_is_lost_at_the_acknowledgement(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, takes_effect: bool
) -> None:
    assistant.error = QuestionError("ask in words")
    loopback.drop_next("POST", "/interactions/*/callback", takes_effect=takes_effect)
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    assert reply.content == "Ask in words."


async def test_many_questions_at_once_are_all_acknowledged_and_answered(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    assistant.gate.clear()
    asking = [
        asyncio.create_task(loopback.slash(alice, "ask", channel=channel, question=f"question {number}"))
        for number in range(60)
    ]
    await asyncio.to_thread(assistant.started.acquire)
    await loopback.until(
        lambda: len(deferred(loopback)) == 60, "every question is acknowledged while no answer is there"
    )
    assistant.gate.set()
    replies = await asyncio.gather(*asking)
    assert all(reply.embeds for reply in replies)


def deferred(loopback: Loopback) -> list[object]:
    return [found for found in loopback.interactions.by_token.values() if found.response is not None]


async def test_not_answered_says_what_there_is(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    assistant.answer = answer(answered=False, summary="The digests hold 59 papers.", nearest=(citation(),))
    reply = await loopback.slash(alice, "ask", channel=channel, question="weather?")
    assert reply.content == "The digests hold 59 papers."
    assert [embed["title"] for embed in reply.embeds] == ["Nearest in the digests"]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_documents_stay_inert(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, text: str
) -> None:
    assistant.answer = answer(
        citation(excerpt=text, title=text, authors=(text,), section=text, digest=text),
        summary=text,
        understood=text,
    )
    reply = await loopback.slash(alice, "ask", channel=channel, question=text)
    summary, understood = reply.content.split("\n")
    assert visible(summary)
    assert visible(understood.removeprefix("-# "))
    assert unquoted(reply.embeds[0]["description"]).split() == text.split()
    assert reply.pings == []


async def test_long_answers_fit(loopback: Loopback, assistant: Scripted, alice: User, channel: Channel) -> None:
    long = "A sentence *with* marks. " * 400
    assistant.answer = answer(
        *[citation(rank=rank, excerpt=long, title=long) for rank in range(1, 6)], summary=long
    )
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    assert len(reply.embeds) == 1
    assert "4 more passages do not fit in here." in reply.content


async def test_an_error_with_a_message_is_told(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    assistant.error = QuestionError("ask in words, @everyone")
    reply = await loopback.slash(alice, "ask", channel=channel, question="🙂")
    assert visible(reply.content) == "Ask in words, @everyone."
    assert reply.embeds == []


async def test_a_failure_is_a_friendly_line_with_a_request_id_and_the_bot_goes_on(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    assistant.error = RuntimeError("secret detail")
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    assert reply.interaction is not None
    assert f"request {reply.interaction.id & 0xFFFFFFFF:08x}" in reply.content
    assert "secret" not in reply.content
    assistant.error = None
    assert (await loopback.slash(alice, "ask", channel=channel, question="who?")).embeds


async def test_a_digest_that_was_never_offered_is_named_and_not_asked_for(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?", digest="<@1> ICML 1999")
    assert (
        visible(reply.content) == "I have no digest called “<@1> ICML 1999”. Pick one from the list as you type."
    )
    assert assistant.asked == []


async def test_a_digest_may_be_typed_by_its_name(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    reply = await loopback.slash(
        alice, "ask", channel=channel, question="who?", digest="a quick guide to icml 2023"
    )
    assert reply.embeds


async def test_digests_are_offered_as_they_are_typed_within_limits_and_scope(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    assistant.documents = [
        document("private", "Private notes on ICML", scope=guild.id),
        document("other", "Of another server, on ICML", scope=1),
        *[document(f"icml-{number}", f"ICML {'very ' * 40}long {number}") for number in range(40)],
        document("iclr", "ICLR", venue="ICLR", year=2022),
    ]
    offered = await loopback.autocomplete(alice, "ask", "digest", "icml", channel=channel, question="who?")
    assert len(offered) == 25
    assert all(0 < len(choice["name"]) <= 100 for choice in offered)
    assert offered[0] == {"name": "Private notes on ICML", "value": "private"}
    assert "other" not in {choice["value"] for choice in offered}
    in_direct = await loopback.autocomplete(alice, "ask", "digest", "2022 iclr", question="who?")
    assert in_direct == [{"name": "ICLR", "value": "iclr"}]


async def test_typing_a_digest_does_not_wait_for_questions(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    assistant.gate.clear()
    asking = [
        asyncio.create_task(loopback.slash(alice, "ask", channel=channel, question=str(number)))
        for number in range(20)
    ]
    await asyncio.to_thread(assistant.started.acquire)
    assert await loopback.autocomplete(alice, "ask", "digest", "icml", channel=channel, question="who?")
    assistant.gate.set()
    await asyncio.gather(*asking)


async def test_no_privileged_intent_is_asked_for(loopback: Loopback, assistant: Scripted) -> None:
    assert loopback.intents == Intent.GUILDS | Intent.GUILD_MESSAGES | Intent.DIRECT_MESSAGES


async def test_nothing_that_is_sent_may_ring(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    await loopback.slash(alice, "ask", channel=channel, question="who?")
    await loopback.mention(alice, channel, "who?")
    assistant.error = RuntimeError()
    await loopback.slash(alice, "ask", channel=channel, question="who?")
    said = [
        found.body for found in loopback.requests if isinstance(found.body, dict) and found.body.get("content")
    ]
    assert len(said) == 3
    assert all(body["allowed_mentions"]["parse"] == [] for body in said)
    assert not any(body["allowed_mentions"].get("replied_user") for body in said)


async def test_an_interaction_that_is_dead_already_does_not_stop_the_bot(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    dead = {"code": 10062, "message": "Unknown interaction"}
    loopback.fail_next("POST", "/interactions/*/callback", status=404, body=dead)
    asking = asyncio.create_task(loopback.slash(alice, "ask", channel=channel, question="who?"))
    await loopback.until(
        lambda: any(found.path.endswith("/callback") for found in loopback.requests),
        "the bot tries to acknowledge",
    )
    asking.cancel()
    assert (await loopback.slash(alice, "ask", channel=channel, question="who?")).embeds
    assert len(assistant.asked) == 1


@pytest.mark.parametrize("takes_effect", [True, False])
async def test_an_answer_arrives_though_the_connection_is_lost(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, takes_effect: bool
) -> None:
    loopback.drop_next("PATCH", "/webhooks/*", takes_effect=takes_effect)
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    assert reply.embeds
    await loopback.settle()
    assert reply.content == "Three authors."
