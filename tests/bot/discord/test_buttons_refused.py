"""Buttons that cannot do what they say: too old, forged, of what is gone, or where the connection is lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.discord.interactions import TOO_OLD
from corpus.errors import NotFoundError
from tests.bot.discord.pressed import Ranking, of, titles
from tests.bot.discord.reading import visible
from tests.bot.discord.test_render import HOSTILE

if TYPE_CHECKING:
    from bot.state import StateFile
    from bot.testing import Channel, Loopback, User

NO_PERMISSIONS = 0
MANAGE_MESSAGES = 1 << 13


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
