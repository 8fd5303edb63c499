"""Subscriptions: told once, where they are wanted, whatever Discord does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.state.guilds import GuildFile, GuildSettings
from bot.state.subscriptions import MOST_OF_A_SERVER, MOST_OF_A_USER
from corpus.model import Kind
from tests.bot.discord.reading import visible
from tests.bot.discord.scripted import state
from tests.bot.discord.subscribed import BANDITS, FIRST, PRIVACY, SPAIN, job, page, paper, subscribed
from tests.bot.discord.test_render import HOSTILE

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.testing import Channel, Guild, Loopback, Message, User


@pytest.fixture
def corpus(empty: Assistant) -> Assistant:
    """An assistant over one small page."""
    empty.ingest([FIRST])
    return empty


def told(loopback: Loopback, channel: Channel) -> list[Message]:
    """What the bot said in a channel by itself."""
    return [m for m in channel.visible() if m.author is loopback.bot and m.interaction is None]


def titles(message: Message) -> list[str]:
    return [embed["title"] for embed in message.embeds]


def buttons(message: Message) -> dict[str, str]:
    return {part["label"]: part["custom_id"] for row in message.components for part in row["components"]}


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
    GuildFile(kept).save(guild.id, GuildSettings(kinds=frozenset({Kind.PAPER})))
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
        assert "Pages that this server added itself stay in it" in reply.content
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
        assert "you take no direct messages from me" in reply.content
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
        assert ("its channel is gone" if fate == "deleted" else "I may not write") in reply.content


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
        assert "no more" in gone.content
        again = await loopback.click(alice, news, custom_id=buttons(news)["Unsubscribe"])
        assert again.content == "That subscription is not there any more."
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
            plain.setattr("bot.testing.state.EVERYTHING", "2048")
            assert await loopback.autocomplete(bob, "unsubscribe", "subscription", "", channel=channel) == []
            refused = await loopback.click(bob, news, custom_id=buttons(news)["Unsubscribe"])
            assert refused.content.startswith("Only who made this subscription")
            reply = await loopback.slash(bob, "subscribe", channel=channel, query="jobs", where="here")
            assert reply.content.startswith("Only who may manage messages here")
        (offered,) = await loopback.autocomplete(bob, "unsubscribe", "subscription", "band", channel=channel)
        reply = await loopback.slash(bob, "unsubscribe", channel=channel, subscription=offered["value"])
        assert "no more of “papers on bandits”" in visible(reply.content)
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
        assert reply.content.startswith("I can only tell you here where I am a member")
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
