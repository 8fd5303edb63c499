"""Votes on answers, as users give them, change them and take them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.discord.interactions import NO_VOTE, REASONS, SWITCHED_OFF, VOTE_REMOVED, reason_in
from bot.process import version
from bot.state.feedback import Feedback
from bot.state.guilds import GuildSettings, GuildStore
from tests.bot.discord.samples import answer, citation
from tests.bot.discord.scripted import Scripted
from tests.bot.discord.test_buttons import acts, of
from tests.bot.discord.test_render import HOSTILE

if TYPE_CHECKING:
    from bot.state import StateFile
    from bot.testing import Channel, Guild, Loopback, User
    from tests.bot.discord.conftest import Start


async def test_a_thumb_up_is_thanked_for_and_kept_with_what_was_asked_and_cited(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild, kept: StateFile
) -> None:
    await loopback.slash(alice, "ask", channel=channel, question="on bandits?")
    reply = await loopback.slash(alice, "ask", channel=channel, question="who wrote RLSbench?")
    thanks = await loopback.click(alice, reply, custom_id=of(reply, "up"))
    assert thanks.content.startswith("Thank you!")
    assert thanks.ephemeral
    assert [button["label"] for button in thanks.buttons] == ["Undo"]
    (vote,) = Feedback(kept).votes()
    assert (vote.up, vote.reason, vote.question, vote.history) == (
        True,
        None,
        "who wrote RLSbench?",
        ("on bandits?",),
    )
    (cited,) = vote.cited
    assert (cited.document, cited.start, cited.end, cited.title) == (
        *("000_icml-2023", 10, 57),
        citation().title,
    )
    facts = (vote.answered, vote.confidence, vote.version, vote.model, vote.guild)
    assert facts == (True, 0.9, version(), "a model", guild.id)


async def test_a_thumb_down_asks_why_and_nothing_has_to_be_said(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, kept: StateFile
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    form = await loopback.click(alice, reply, custom_id=of(reply, "down"))
    assert form.modal is not None
    assert form.modal["title"] == "What was wrong?"
    assert Feedback(kept).votes() == []  # who closes the form has not voted
    thanks = await loopback.submit_modal(alice, form)
    assert thanks.ephemeral
    assert thanks.content.startswith("Thank you!")
    (vote,) = Feedback(kept).votes()
    assert (vote.up, vote.reason) == (False, None)


async def test_a_vote_is_changed_by_the_other_thumb_and_taken_back(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, kept: StateFile
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    await loopback.click(alice, reply, custom_id=of(reply, "up"))
    form = await loopback.click(alice, reply, custom_id=of(reply, "down"))
    thanks = await loopback.submit_modal(alice, form, choice="missing", words="The third\nauthor")
    (vote,) = Feedback(kept).votes()
    assert (vote.up, vote.reason) == (False, f"{REASONS['missing']}: The third author")
    undone = await loopback.click(alice, thanks, custom_id=of(thanks, "undo"))
    assert undone.content == VOTE_REMOVED
    assert undone.message is thanks.message
    assert acts(undone) == []
    assert Feedback(kept).votes() == []


async def test_everybody_has_a_vote_of_their_own(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild, kept: StateFile
) -> None:
    bob = guild.add_member(loopback.add_user("bob"))
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    for user in (alice, bob, bob):
        thanks = await loopback.click(user, reply, custom_id=of(reply, "up"))
    assert len(Feedback(kept).votes()) == 2
    await loopback.click(bob, thanks, custom_id=of(thanks, "undo"))
    gone = await loopback.click(alice, reply, custom_id=of(reply, "up"))
    Feedback(kept).forget(alice.id)
    assert Feedback(kept).votes() == []
    assert (await loopback.click(alice, gone, custom_id=of(gone, "undo"))).content == NO_VOTE


async def test_an_answer_that_was_none_can_be_voted_on(
    loopback: Loopback, assistant: Scripted, alice: User, kept: StateFile
) -> None:
    assistant.answer = answer(answered=False, confidence=0.1, nearest=(citation(),), summary="Not in here.")
    reply = await loopback.slash(alice, "ask", question="who?")
    assert acts(reply) == ["up", "down", "delete"]
    await loopback.click(alice, reply, custom_id=of(reply, "up"))
    (vote,) = Feedback(kept).votes()
    assert (vote.answered, vote.cited, vote.guild) == (False, (), None)


@pytest.mark.parametrize("where", ["direct message", "user install", "private"])
async def test_votes_are_taken_wherever_answers_are_given(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, kept: StateFile, where: str
) -> None:
    if where == "direct message":
        reply = await loopback.direct_message(alice, "who?")
    elif where == "private":
        reply = await loopback.slash(alice, "ask", channel=channel, question="who?", only_me=True)
    else:
        alice.installed_app = True
        foreign = loopback.add_guild("Elsewhere", with_bot=False)
        foreign.add_member(alice)
        reply = await loopback.slash(alice, "ask", channel=foreign.add_channel("general"), question="who?")
    form = await loopback.click(alice, reply, custom_id=of(reply, "down"))
    thanks = await loopback.submit_modal(alice, form, choice=["wrong"])
    assert thanks.ephemeral
    (vote,) = Feedback(kept).votes()
    assert vote.reason == REASONS["wrong"]


async def test_votes_and_forms_from_before_a_restart_are_taken(
    loopback: Loopback, start: Start, alice: User, channel: Channel, kept: StateFile
) -> None:
    async with start(Scripted()):
        reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
        thanks = await loopback.click(alice, reply, custom_id=of(reply, "up"))
        form = await loopback.click(alice, reply, custom_id=of(reply, "down"))
    async with start(Scripted()):
        undone = await loopback.click(alice, thanks, custom_id=of(thanks, "undo"))
        assert undone.content == VOTE_REMOVED
        await loopback.submit_modal(alice, form, words="not that one")
        (vote,) = Feedback(kept).votes()
        assert (vote.up, vote.reason) == (False, "not that one")
        again = await loopback.click(alice, reply, custom_id=of(reply, "down"))
        assert (await loopback.submit_modal(alice, again)).content.startswith("Thank you!")


@pytest.mark.parametrize("text", [*HOSTILE, "half a character: \ud83d", "x" * 500])
async def test_a_hostile_reason_is_kept_on_one_line_and_never_shown(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, kept: StateFile, text: str
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    form = await loopback.click(alice, reply, custom_id=of(reply, "down"))
    thanks = await loopback.submit_modal(alice, form, words=text[:500])
    (vote,) = Feedback(kept).votes()
    assert vote.reason is not None
    assert "\n" not in vote.reason
    assert vote.reason.split() == text[:500].encode("utf-8", "replace").decode().split()
    assert thanks.content.startswith("Thank you!")


async def test_a_vote_is_noted_once_though_the_connection_is_lost(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, kept: StateFile
) -> None:
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    for takes_effect in (True, False):
        loopback.drop_next("POST", "/interactions/*/callback", takes_effect=takes_effect)
        form = await loopback.click(alice, reply, custom_id=of(reply, "down"))
        loopback.drop_next("POST", "/interactions/*/callback", takes_effect=takes_effect)
        thanks = await loopback.submit_modal(alice, form)
        assert thanks.content.startswith("Thank you!")
    assert len(Feedback(kept).votes()) == 1
    loopback.drop_next("POST", "/interactions/*/callback", takes_effect=True)
    assert (await loopback.click(alice, thanks, custom_id=of(thanks, "undo"))).content == VOTE_REMOVED


async def test_where_feedback_is_switched_off_there_are_no_thumbs_and_old_ones_do_nothing(
    loopback: Loopback, start: Start, alice: User, guild: Guild, kept: StateFile
) -> None:
    channel = guild.add_channel("papers")
    async with start(Scripted()):
        reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
        form = await loopback.click(alice, reply, custom_id=of(reply, "down"))
    GuildStore(kept).save(guild.id, GuildSettings(feedback=False))
    async with start(Scripted()):
        assert (await loopback.submit_modal(alice, form)).content == SWITCHED_OFF
        for act in ("up", "down"):
            told = await loopback.click(alice, reply, custom_id=of(reply, act))
            assert (told.content, told.ephemeral) == (SWITCHED_OFF, True)
        new = await loopback.slash(alice, "ask", channel=channel, question="who?")
        assert acts(new) == ["similar", "delete"]
        assert acts(await loopback.slash(alice, "ask", question="who?")) == ["similar", "up", "down", "delete"]
    assert Feedback(kept).votes() == []


def test_a_form_that_is_none_has_no_reason() -> None:
    assert reason_in(None) == ""
    assert reason_in({"components": [{"component": None}, {"type": 1}]}) == ""
    odd = {"components": [{"component": {"custom_id": "choice", "values": ["rm -rf"]}}]}
    assert reason_in(odd) == ""
