"""Votes: whether an answer was good, and why not; each of them can be changed and taken back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord

from bot.discord import buttons
from bot.discord.commands import RESPONDED_ALREADY, acknowledge, fill_in, scope_of
from bot.discord.render import Reply
from bot.discord.telling import acknowledge_change
from bot.discord.transport import again_if_lost
from corpus.errors import DigestbotError, NotFoundError

if TYPE_CHECKING:
    from bot.discord.commands import Interaction
    from bot.discord.giving import Giver
    from bot.state.answers import GivenAnswer

TOO_OLD = "That reply is too old for this. Please ask again."
SWITCHED_OFF = "Ratings are switched off in this server."
THANKS = "Thank you! I have noted that this answer {}. You can still press the other thumb, or undo it."
TAKEN_BACK = "Taken back: I keep nothing of your vote."
NO_VOTE = "There is no vote of yours any more."
REASONS = {
    "question": "It is not what I asked",
    "wrong": "Something in it is wrong",
    "missing": "Something is missing",
    "old": "It is out of date",
    "reading": "It is hard to read",
}
KEPT = "It is kept with the question, without your name."
CHOICE, WORDS = "choice", "words"
LONGEST_REASON = 500


class Voting:
    """Takes votes, their reasons, and takes them back."""

    def __init__(self, giver: Giver) -> None:
        self._giver = giver

    async def up(self, interaction: Interaction, about: str) -> None:
        """Note that an answer was good."""
        await acknowledge(interaction, privately=True)
        given = await self._voted_on(interaction, about)
        await asyncio.to_thread(self._giver.feedback.vote, given, interaction.user.id, up=True)
        await fill_in(interaction, _thanks(about, "was good"))

    async def ask_why(self, interaction: Interaction, about: str) -> None:
        """Open the form that asks what was wrong; closing it is no vote."""
        await self._voted_on(interaction, about)
        form = form_of(about)
        try:
            await again_if_lost(lambda: interaction.response.send_modal(form))
        except discord.HTTPException as error:
            if error.code != RESPONDED_ALREADY:  # then it is open
                raise

    async def down(self, interaction: Interaction, about: str) -> None:
        """Note that an answer was not good, with what was filled in."""
        await acknowledge(interaction, privately=True)
        given = await self._voted_on(interaction, about)
        reason = reason_in(interaction.data)
        await asyncio.to_thread(
            self._giver.feedback.vote, given, interaction.user.id, up=False, reason=reason or None
        )
        await fill_in(interaction, _thanks(about, "was not good"))

    async def undo(self, interaction: Interaction, about: str) -> None:
        """Take a vote back, also where the answer is too old to be voted on; the thanks are replaced."""
        await acknowledge_change(interaction)
        undone = await asyncio.to_thread(self._giver.feedback.undo, about, interaction.user.id)
        await fill_in(interaction, Reply(TAKEN_BACK if undone else NO_VOTE))

    async def _voted_on(self, interaction: Interaction, about: str) -> GivenAnswer:
        if not await asyncio.to_thread(self._giver.allows_feedback, scope_of(interaction)):
            raise DigestbotError(SWITCHED_OFF)
        return await given_to(self._giver, interaction, about)


async def given_to(giver: Giver, interaction: Interaction, about: str) -> GivenAnswer:
    """The answer that a button is about, for who pressed it.

    Raises:
        NotFoundError: it is no longer kept, or was given in another server.
    """
    given = await asyncio.to_thread(giver.answers.get, about)
    if given is None or given.scope != scope_of(interaction):
        raise NotFoundError(TOO_OLD)
    return given


def form_of(answer: str) -> discord.ui.Modal:
    """The form that asks what was wrong with an answer; nothing in it has to be filled in."""
    form = discord.ui.Modal(title="What was wrong?", custom_id=f"{buttons.PREFIX}:{buttons.WHY}:{answer}")
    choices = [discord.SelectOption(label=said, value=name) for name, said in REASONS.items()]
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=CHOICE, options=choices, required=False, min_values=0, placeholder="Choose what fits best"
    )
    words: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=WORDS, style=discord.TextStyle.paragraph, required=False, max_length=LONGEST_REASON
    )
    form.add_item(discord.ui.Label(text="The answer", component=select))
    form.add_item(discord.ui.Label(text="In your words", description=KEPT, component=words))
    form.stop()  # not to be kept in memory until it is sent, or for ever: it is read from what comes in
    return form


def reason_in(data: Any) -> str:
    """What was chosen and written in a form, on one line; empty where nothing was."""
    filled = [row.get("component") or {} for row in (data or {}).get("components", ())]
    fields = {each.get("custom_id"): each for each in filled}
    chosen = [REASONS[name] for name in fields.get(CHOICE, {}).get("values") or () if name in REASONS]
    written = " ".join(str(fields.get(WORDS, {}).get("value") or "").split())[:LONGEST_REASON]
    written = written.encode("utf-8", "replace").decode("utf-8")  # half a character cannot be kept
    return ": ".join([*chosen, *([written] if written else [])])


def _thanks(about: str, what: str) -> Reply:
    return Reply(THANKS.format(what), buttons=(buttons.undo(about),))
