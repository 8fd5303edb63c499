"""The buttons under a reply: more, similar and delete, as users press them, also after a restart."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.discord import buttons
from bot.discord.giving import ALL
from bot.discord.menu import CONTEXT_ID
from bot.discord.pressing import NOT_YOURS
from bot.discord.voting import TOO_OLD
from corpus.errors import NotFoundError
from tests.bot.discord.reading import visible
from tests.bot.discord.samples import answer, citation
from tests.bot.discord.scripted import Scripted
from tests.bot.discord.test_render import HOSTILE

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.state import StateFile
    from bot.testing import Channel, Guild, Loopback, Reply, User
    from tests.bot.discord.conftest import Start

NO_PERMISSIONS = 0
MANAGE_MESSAGES = 1 << 13


def of(reply: Reply, act: str) -> str:
    """The custom_id of a reply's button."""
    (found,) = [b["custom_id"] for b in reply.buttons if b["custom_id"].startswith(f"digestbot:{act}:")]
    return str(found)


def acts(reply: Reply) -> list[str]:
    return [button["custom_id"].split(":")[1] for button in reply.buttons]


def titles(reply: Reply) -> list[str]:
    return [embed["title"] for embed in reply.embeds]


class Ranking(Scripted):
    """An assistant that has ``found`` so many entries, and gives as many of them as are asked for."""

    found = 12
    falling = 0.0
    """What each rank's score is lower than the one's before it."""

    def ask(self, question: str, **options: Any) -> Answer:
        super().ask(question, **options)
        ranked = [
            citation(rank=n, entry_id=n, title=f"Paper {n}", score=1 - self.falling * (n - 1))
            for n in range(1, self.found + 1)
        ]
        return answer(*ranked[: options.get("top", 5)], summary=f"{self.found} papers")

    def browse(self, kind: str, facts: Any, *, scope: Any = None, page: int = 1, top: int = 5) -> Answer:
        super().browse(kind, facts, scope=scope, page=page)
        page = min(page, -(-self.found // top))
        ranks = range((page - 1) * top + 1, min(page * top, self.found) + 1)
        listed = [citation(rank=n, entry_id=n, title=f"Paper {n}") for n in ranks]
        return answer(*listed, summary=f"12 papers, page {page}")

    def similar(self, entry_id: int, *, scope: Any = None, top: int = 5, offset: int = 0) -> Answer:
        super().similar(entry_id, scope=scope, top=top, offset=offset)
        ranks = range(offset + 1, min(offset + top, self.found) + 1)
        likest = [citation(rank=n, entry_id=100 + n, title=f"Like {n}") for n in ranks]
        return answer(*likest, summary=f"Most like {entry_id}")


@pytest.fixture
async def ranking(start: Start, guild: Guild) -> Any:
    scripted = Ranking()
    async with start(scripted):
        yield scripted


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


async def test_what_is_too_old_asks_kindly_to_ask_again(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel, kept: StateFile
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    with kept.transaction() as db:
        db.execute("UPDATE answers SET created = created - 31 * 86400")
    for act in ("more", "down", "up"):
        told = await loopback.click(alice, reply, custom_id=of(reply, act))
        assert (told.content, told.ephemeral) == (TOO_OLD, True)
    assert (await loopback.click(alice, reply, custom_id=of(reply, "similar"))).embeds
    assert (await loopback.click(alice, reply, custom_id=of(reply, "delete"))).deleted


async def test_nobody_presses_their_way_into_another_server(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    elsewhere = loopback.add_guild("Elsewhere")
    elsewhere.add_member(alice)
    forged = await loopback.slash(alice, "ask", channel=elsewhere.add_channel("general"), question="who?")
    forged.message.components = reply.message.components
    asked = len(ranking.asked)
    for act in ("more", "up", "down"):
        told = await loopback.click(alice, forged, custom_id=of(forged, act))
        assert told.content == TOO_OLD
    assert len(ranking.asked) == asked
    await loopback.click(alice, forged, custom_id=of(forged, "similar"))
    assert ranking.asked[-1]["scope"] == elsewhere.id
    assert forged.embeds


async def test_an_entry_that_has_gone_is_told(loopback: Loopback, ranking: Ranking, alice: User) -> None:
    reply = await loopback.slash(alice, "ask", question="papers?")
    ranking.error = NotFoundError("That page has been read anew or taken out since. Please ask again.")
    for act in ("similar", "more"):
        told = await loopback.click(alice, reply, custom_id=of(reply, act))
        assert told.content == "That page has been read anew or taken out since. Please ask again."


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_question_stays_inert_when_it_is_gone_on_from(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel, text: str
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question=text)
    second = await loopback.click(alice, reply, custom_id=of(reply, "more"))
    assert visible(second.content)
    assert second.pings == []


@pytest.mark.parametrize("takes_effect", [True, False])
@pytest.mark.parametrize("lost", ["POST /interactions/*/callback", "PATCH /webhooks/*"])
async def test_more_is_posted_once_though_the_connection_is_lost(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel, lost: str, takes_effect: bool
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    loopback.drop_next(*lost.split(), takes_effect=takes_effect)
    second = await loopback.click(alice, reply, custom_id=of(reply, "more"))
    await loopback.settle()
    assert titles(second)[0] == "[6] Paper 6"
    assert len(channel.visible()) == 2


@pytest.mark.parametrize("takes_effect", [True, False])
@pytest.mark.parametrize("lost", ["POST /interactions/*/callback", "DELETE /webhooks/*"])
async def test_a_reply_is_deleted_though_the_connection_is_lost(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel, lost: str, takes_effect: bool
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    loopback.drop_next(*lost.split(), takes_effect=takes_effect)
    await loopback.click(alice, reply, custom_id=of(reply, "delete"))
    assert reply.deleted
    await loopback.settle()
    assert channel.visible() == []


async def test_a_reply_that_cannot_be_deleted_stays_as_it_is(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    loopback.fail_next("DELETE", "/webhooks/*", status=400)
    told = await loopback.click(alice, reply, custom_id=of(reply, "delete"))
    assert told.ephemeral
    assert "Something went wrong" in told.content
    assert titles(reply)[0] == "[1] Paper 1"


async def test_a_reply_that_is_gone_already_is_deleted_without_complaint(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    loopback.fail_next("DELETE", "/webhooks/*", status=404, body={"code": 10008, "message": "Unknown Message"})
    pressing = asyncio.create_task(loopback.click(alice, reply, custom_id=of(reply, "delete")))
    await loopback.until(lambda: any(found.method == "DELETE" for found in loopback.requests), "it is tried")
    await loopback.settle()
    pressing.cancel()
    assert not any(found.method == "POST" and found.path.startswith("/webhooks") for found in loopback.requests)


@pytest.mark.parametrize(
    "custom_id",
    [
        *("digestbot:frob:1", "digestbot:similar:x:0", "digestbot:similar:1", "digestbot:delete:me:x"),
        *("digestbot:similar:٣:-1", "digestbot:more:", "digestbot:up:' OR 1=1 --"),
    ],
)
async def test_a_button_of_another_version_asks_kindly_to_ask_again(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel, custom_id: str
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    reply.buttons[0]["custom_id"] = custom_id
    told = await loopback.click(alice, reply, custom_id=custom_id)
    assert told.ephemeral
    assert told.content.endswith("Please ask again.")
    assert titles(reply)[0] == "[1] Paper 1"


async def test_a_digest_that_has_gone_since_is_told(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?", digest="000_icml-2023")
    ranking.documents = []
    told = await loopback.click(alice, reply, custom_id=of(reply, "more"))
    assert told.content.startswith("I have no digest called")


async def test_a_press_that_comes_too_late_does_not_stop_the_bot(
    loopback: Loopback, ranking: Ranking, alice: User, channel: Channel
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="papers?")
    expired = {"code": 50027, "message": "Invalid Webhook Token"}
    loopback.fail_next("PATCH", "/webhooks/*", status=401, body=expired)
    pressing = asyncio.create_task(loopback.click(alice, reply, custom_id=of(reply, "more")))
    await loopback.until(lambda: any(found.status == 401 for found in loopback.requests), "the bot is too late")
    pressing.cancel()
    assert (await loopback.click(alice, reply, custom_id=of(reply, "similar"))).embeds


def test_every_button_fits_into_what_discord_takes() -> None:
    most = 2**64 - 1
    every = [
        buttons.more("x" * 16),
        buttons.similar(most, most),
        *buttons.votes("x" * 16),
        buttons.undo("x" * 16),
        buttons.delete(most, "x" * 16),
    ]
    for button in every:
        assert len(button.custom_id) <= 100
        assert re.fullmatch(r"digestbot:[a-z]+:\S+", button.custom_id)
