"""Subscriptions: told once, where they are wanted, whatever Discord does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.state.guilds import GuildSettings, GuildStore
from corpus.model import Kind
from tests.bot.discord.reading import visible
from tests.bot.discord.scripted import state
from tests.bot.discord.subscribed import (
    BANDITS,
    PRIVACY,
    SPAIN,
    buttons,
    job,
    page,
    paper,
    subscribed,
    told,
)

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.testing import Channel, Guild, Loopback, Message, User


def titles(message: Message) -> list[str]:
    return [embed["title"] for embed in message.embeds]


async def test_new_entries_that_match_are_told_once_and_nothing_else(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild
) -> None:
    async with subscribed(loopback, corpus, state()) as rounds:
        reply = await loopback.slash(alice, "subscribe", query="papers on bandits")
        assert reply.ephemeral
        assert "in your direct messages" in reply.content
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"), paper(PRIVACY, "Privacy"))])
        await rounds.next()
        await rounds.next()
        (news,) = told(loopback, loopback.direct_channel(alice))
        assert visible(news.content) == "New in the digests for “papers on bandits”:"
        assert titles(news) == [f"[1] {BANDITS}"]
        assert "Guide second" in news.embeds[0]["footer"]["text"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("openings in Spain", SPAIN),
        ("papers by Ana Ruiz", BANDITS),
        ("jobs of the Search team", SPAIN),
        ("papers at ICML 2025", BANDITS),
        ("new papers", BANDITS),
        ("learning from bandits whose feedback comes late", BANDITS),
    ],
)
async def test_facts_and_meaning_select_what_is_told(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild, query: str, title: str
) -> None:
    async with subscribed(loopback, corpus, state()) as rounds:
        await loopback.slash(alice, "subscribe", query=query)
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"), job(SPAIN, "ES, Madrid"))])
        await rounds.next()
        (news,) = told(loopback, loopback.direct_channel(alice))
        assert titles(news) == [f"[1] {title}"]


async def test_many_come_in_one_message_oldest_first_and_are_counted(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild
) -> None:
    names = [f"{word} bandits in the wild" for word in ("Red", "Green", "Blue", "White", "Black", "Grey", "Pink")]
    async with subscribed(loopback, corpus, state()) as rounds:
        await loopback.slash(alice, "subscribe", query="papers on bandit problems")
        corpus.ingest([page("second", *[paper(name, "Bandit problems") for name in names])])
        await rounds.next()
        (news,) = told(loopback, loopback.direct_channel(alice))
        assert titles(news) == [f"[{rank}] {name}" for rank, name in enumerate(names[:5], 1)]
        assert "and 2 more" in news.content


async def test_what_was_there_already_is_no_news_though_it_comes_again(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild
) -> None:
    bandits = paper(BANDITS, "Bandit problems")
    corpus.ingest([page("old", bandits)])
    kept = state()
    async with subscribed(loopback, corpus, kept) as rounds:
        await loopback.slash(alice, "subscribe", query="papers on bandits")
        corpus.ingest([page("twin", bandits, paper(PRIVACY, "Privacy"))])
        corpus.ingest([page("old", bandits, job(SPAIN, "ES, Madrid"))])
        await rounds.next()
        corpus.remove("old")
        corpus.remove("twin")
        corpus.ingest([page("old", bandits)])
        await rounds.next()
    async with subscribed(loopback, corpus, kept):
        assert told(loopback, loopback.direct_channel(alice)) == []


async def test_what_came_in_while_the_bot_was_away_is_told_when_it_is_back(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild
) -> None:
    kept = state()
    async with subscribed(loopback, corpus, kept):
        await loopback.slash(alice, "subscribe", query="papers on bandits")
    corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
    async with subscribed(loopback, corpus, kept):
        assert len(told(loopback, loopback.direct_channel(alice))) == 1


async def test_what_comes_in_right_after_the_very_first_start_is_told(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild
) -> None:
    async with subscribed(loopback, corpus, state(), settled=False) as rounds:
        await loopback.slash(alice, "subscribe", query="papers on bandits")
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        await rounds.next()
        (news,) = told(loopback, loopback.direct_channel(alice))
        assert titles(news) == [f"[1] {BANDITS}"]


async def test_a_server_is_told_of_the_kinds_that_it_shows_alone(
    loopback: Loopback, corpus: Assistant, alice: User, channel: Channel, guild: Guild
) -> None:
    kept = state()
    GuildStore(kept).save(guild.id, GuildSettings(kinds=frozenset({Kind.PAPER})))
    async with subscribed(loopback, corpus, kept) as rounds:
        for query in ("openings in Spain", "papers by Ana Ruiz"):
            await loopback.slash(alice, "subscribe", channel=channel, query=query, where="here")
        await loopback.slash(alice, "subscribe", query="openings in Spain")
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"), job(SPAIN, "ES, Madrid"))])
        await rounds.next()
        assert [titles(news) for news in told(loopback, channel)] == [[f"[1] {BANDITS}"]]
        (news,) = told(loopback, loopback.direct_channel(alice))
        assert titles(news) == [f"[1] {SPAIN}"]


async def test_what_came_in_before_the_subscription_is_no_news(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild
) -> None:
    async with subscribed(loopback, corpus, state()) as rounds:
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        await loopback.slash(alice, "subscribe", query="papers on bandits")
        await rounds.next()
        assert told(loopback, loopback.direct_channel(alice)) == []


async def test_a_servers_pages_are_told_of_in_that_server_alone(
    loopback: Loopback, corpus: Assistant, alice: User, channel: Channel, guild: Guild
) -> None:
    other = loopback.add_guild("Elsewhere")
    other.add_member(alice)
    elsewhere = other.add_channel("general")
    async with subscribed(loopback, corpus, state()) as rounds:
        await loopback.slash(alice, "subscribe", channel=channel, query="papers on bandits", where="here")
        await loopback.slash(alice, "subscribe", channel=elsewhere, query="papers on bandits", where="here")
        reply = await loopback.slash(alice, "subscribe", channel=channel, query="papers on bandits")
        assert "This server's own pages stay in it" in reply.content
        corpus.ingest([page("own", paper(BANDITS, "Bandit problems"))], scope=guild.id)
        await rounds.next()
        assert [titles(news) for news in told(loopback, channel)] == [[f"[1] {BANDITS}"]]
        assert told(loopback, elsewhere) == []
        assert told(loopback, loopback.direct_channel(alice)) == []
        corpus.ingest([page("common", paper(BANDITS, "Bandit problems"))])
        await rounds.next()
        assert len(told(loopback, channel)) == 1
        assert len(told(loopback, elsewhere)) == 1
        assert len(told(loopback, loopback.direct_channel(alice))) == 1


async def test_closed_direct_messages_pause_a_subscription_until_it_is_resumed(
    loopback: Loopback, corpus: Assistant, alice: User, channel: Channel
) -> None:
    alice.dms_open = False
    async with subscribed(loopback, corpus, state()) as rounds:
        await loopback.slash(alice, "subscribe", channel=channel, query="papers on bandits")
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        await rounds.next()
        tries = len([r for r in loopback.requests if r.status == 403])
        await rounds.next()
        assert len([r for r in loopback.requests if r.status == 403]) == tries == 1
        reply = await loopback.slash(alice, "subscriptions", channel=channel)
        assert "your direct messages are closed to me" in reply.content
        alice.dms_open = True
        await loopback.click(alice, reply, custom_id=buttons(reply.message)["Resume 1"])
        assert "paused" not in reply.content
        await rounds.next()
        assert len(told(loopback, loopback.direct_channel(alice))) == 1


@pytest.mark.parametrize("fate", ["deleted", "not to be written in"])
async def test_a_channel_that_cannot_be_written_in_pauses_its_subscription(
    loopback: Loopback, corpus: Assistant, alice: User, channel: Channel, fate: str
) -> None:
    async with subscribed(loopback, corpus, state()) as rounds:
        await loopback.slash(alice, "subscribe", channel=channel, query="papers on bandits", where="here")
        channel.bot_may_send = False
        if fate == "deleted":
            del loopback.world.channels[channel.id]
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        await rounds.next()
        reply = await loopback.slash(alice, "subscriptions")
        assert ("its channel is gone" if fate == "deleted" else "I am not allowed to post") in reply.content


@pytest.mark.parametrize("later", [0, 3600])
async def test_news_that_arrived_though_the_answer_was_lost_is_not_told_again(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild, later: int
) -> None:
    kept = state()
    async with subscribed(loopback, corpus, kept) as rounds:
        await loopback.slash(alice, "subscribe", query="papers on bandits")
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        loopback.drop_next("POST", "/channels/*/messages", takes_effect=True, times=2)
        await rounds.next()
        assert len(told(loopback, loopback.direct_channel(alice))) == 1
    loopback.clock.advance(later)
    async with subscribed(loopback, corpus, kept) as rounds:
        await rounds.next()
        assert len(told(loopback, loopback.direct_channel(alice))) == 1
        corpus.ingest([page("third", paper("Bandits with a budget", "Bandit problems"))])
        await rounds.next()
        assert len(told(loopback, loopback.direct_channel(alice))) == 2


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_news_waits_for_a_discord_that_is_down(
    loopback: Loopback,
    corpus: Assistant,
    alice: User,
    guild: Guild,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def at_once(seconds: float) -> None:
        return None

    monkeypatch.setattr("discord.http.asyncio.sleep", at_once)
    async with subscribed(loopback, corpus, state()) as rounds:
        await loopback.slash(alice, "subscribe", query="papers on bandits")
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        loopback.fail_next("POST", "/channels/*/messages", status=status, times=10)
        await rounds.next()
        assert told(loopback, loopback.direct_channel(alice)) == []
        loopback._api.faults.pending.clear()
        await rounds.next()
        assert len(told(loopback, loopback.direct_channel(alice))) == 1


async def test_one_that_cannot_be_told_does_not_keep_the_others_waiting(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild
) -> None:
    bob = loopback.add_user("bob")
    async with subscribed(loopback, corpus, state()) as rounds:
        for user in (alice, bob):
            await loopback.slash(user, "subscribe", query="papers on bandits")
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        too_fast = {"code": 40003, "message": "You are opening direct messages too fast"}
        loopback.fail_next("POST", "/channels/*/messages", status=400, body=too_fast)
        await rounds.next()
        assert told(loopback, loopback.direct_channel(alice)) == []
        assert len(told(loopback, loopback.direct_channel(bob))) == 1
        await rounds.next()
        assert len(told(loopback, loopback.direct_channel(alice))) == 1


@pytest.mark.parametrize("everywhere", [True, False])
async def test_limits_are_waited_for(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild, everywhere: bool
) -> None:
    async with subscribed(loopback, corpus, state()) as rounds:
        await loopback.slash(alice, "subscribe", query="papers on bandits")
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        loopback.rate_limit_next("POST", "/channels/*/messages", retry_after=0.05, everywhere=everywhere)
        await rounds.next()
        assert len(told(loopback, loopback.direct_channel(alice))) == 1
