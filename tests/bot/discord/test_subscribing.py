"""Subscriptions: made, listed and ended, by whom they concern alone, and no more than there may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.state.subscriptions import MOST_OF_A_SERVER, MOST_OF_A_USER
from tests.bot.discord.reading import visible
from tests.bot.discord.scripted import state
from tests.bot.discord.subscribed import (
    BANDITS,
    buttons,
    page,
    paper,
    subscribed,
    told,
)
from tests.bot.discord.test_render import HOSTILE

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.testing import Channel, Guild, Loopback, User


async def test_the_button_under_news_ends_the_subscription_after_a_restart_too(
    loopback: Loopback, corpus: Assistant, alice: User, channel: Channel
) -> None:
    kept = state()
    async with subscribed(loopback, corpus, kept) as rounds:
        await loopback.slash(alice, "subscribe", channel=channel, query="papers on bandits", where="here")
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        await rounds.next()
    (news,) = told(loopback, channel)
    async with subscribed(loopback, corpus, kept):
        gone = await loopback.click(alice, news, custom_id=buttons(news)["Unsubscribe"])
        assert gone.ephemeral
        assert "Unsubscribed" in gone.content
        again = await loopback.click(alice, news, custom_id=buttons(news)["Unsubscribe"])
        assert again.content == "That subscription no longer exists."
        assert "no subscriptions" in (await loopback.slash(alice, "subscriptions")).content


async def test_only_who_made_it_or_may_tidy_the_channel_ends_a_subscription(
    loopback: Loopback,
    corpus: Assistant,
    alice: User,
    channel: Channel,
    guild: Guild,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bob = guild.add_member(loopback.add_user("bob"))
    async with subscribed(loopback, corpus, state()) as rounds:
        await loopback.slash(alice, "subscribe", channel=channel, query="papers on bandits", where="here")
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        await rounds.next()
        (news,) = told(loopback, channel)
        with monkeypatch.context() as plain:
            plain.setattr("bot.testing.world.EVERYTHING", "2048")
            assert await loopback.autocomplete(bob, "unsubscribe", "subscription", "", channel=channel) == []
            refused = await loopback.click(bob, news, custom_id=buttons(news)["Unsubscribe"])
            assert refused.content.startswith("Only the person who subscribed")
            reply = await loopback.slash(bob, "subscribe", channel=channel, query="jobs", where="here")
            assert reply.content.startswith("Only members who can manage messages here")
        (offered,) = await loopback.autocomplete(bob, "unsubscribe", "subscription", "band", channel=channel)
        reply = await loopback.slash(bob, "unsubscribe", channel=channel, subscription=offered["value"])
        assert "Unsubscribed from “papers on bandits”" in visible(reply.content)
        assert "no subscriptions" in (await loopback.slash(alice, "subscriptions")).content


async def test_subscriptions_are_listed_and_taken_out_one_by_one(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild
) -> None:
    bob = loopback.add_user("bob")
    async with subscribed(loopback, corpus, state()):
        for query in ("bandits", "privacy"):
            await loopback.slash(alice, "subscribe", query=query)
        await loopback.slash(alice, "subscribe", query="bandits")
        reply = await loopback.slash(alice, "subscriptions")
        assert reply.ephemeral
        assert [line.split(" · ")[0] for line in reply.content.splitlines()] == [
            "**1.** bandits",
            "**2.** privacy",
        ]
        await loopback.click(alice, reply, custom_id=buttons(reply.message)["Remove 1"])
        assert [line.split(" · ")[0] for line in reply.content.splitlines()] == ["**1.** privacy"]
        assert "no subscriptions" in (await loopback.slash(bob, "subscriptions")).content
        unknown = await loopback.slash(bob, "unsubscribe", subscription="2")
        assert unknown.content.startswith("You have no such subscription")


async def test_a_user_has_so_many_subscriptions_and_no_more(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild
) -> None:
    async with subscribed(loopback, corpus, state()):
        for number in range(MOST_OF_A_USER):
            await loopback.slash(alice, "subscribe", query=f"bandits {number}")
        reply = await loopback.slash(alice, "subscribe", query="one more")
        assert reply.content.startswith(f"You have {MOST_OF_A_USER} subscriptions")
        full = await loopback.slash(alice, "subscriptions")
        assert len(buttons(full.message)) == MOST_OF_A_USER


async def test_a_server_has_so_many_subscriptions_and_no_more(
    loopback: Loopback, corpus: Assistant, channel: Channel, guild: Guild
) -> None:
    async with subscribed(loopback, corpus, state()):
        for number in range(MOST_OF_A_SERVER + 1):
            user = guild.add_member(loopback.add_user(f"user{number}"))
            reply = await loopback.slash(user, "subscribe", channel=channel, query="bandits", where="here")
        assert reply.content.startswith(f"This server has {MOST_OF_A_SERVER} subscriptions")


async def test_here_needs_a_server_that_has_the_bot(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild
) -> None:
    alice.installed_app = True
    foreign = loopback.add_guild("Elsewhere", with_bot=False)
    foreign.add_member(alice)
    general = foreign.add_channel("general")
    async with subscribed(loopback, corpus, state()):
        reply = await loopback.slash(alice, "subscribe", channel=general, query="bandits", where="here")
        assert reply.content.startswith("I am not a member of this server")
        reply = await loopback.slash(alice, "subscribe", query="bandits", where="here")
        assert "in your direct messages" in reply.content
        assert (await loopback.slash(alice, "subscribe", query="🙂")).content.startswith("Ask in words")


@pytest.mark.parametrize("text", [text for text in HOSTILE if len(text) <= 300])
async def test_a_hostile_query_stays_inert(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild, text: str
) -> None:
    async with subscribed(loopback, corpus, state()) as rounds:
        reply = await loopback.slash(alice, "subscribe", query=f"papers on bandits {text}"[:300])
        assert visible(reply.content)
        shown = await loopback.slash(alice, "subscriptions")
        assert all(visible(line.split(" · ")[0].removeprefix("**1.** ")) for line in shown.content.splitlines())
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        await rounds.next()
        for news in told(loopback, loopback.direct_channel(alice)):
            assert visible(news.content.split("\n")[0])


async def test_who_wants_to_be_forgotten_is_told_of_nothing_more(
    loopback: Loopback, corpus: Assistant, alice: User, guild: Guild
) -> None:
    async with subscribed(loopback, corpus, state()) as rounds:
        await loopback.slash(alice, "subscribe", query="papers on bandits")
        await loopback.slash(alice, "forget me")
        corpus.ingest([page("second", paper(BANDITS, "Bandit problems"))])
        await rounds.next()
        assert told(loopback, loopback.direct_channel(alice)) == []
        assert "no subscriptions" in (await loopback.slash(alice, "subscriptions")).content
