"""Handles the buttons, menus and forms under replies, also those from before a restart."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self

import discord
import structlog

from bot.discord.commands import acknowledge, acknowledged_once, admitted, fill_in, report, scope_of
from bot.discord.errors import request_id
from bot.discord.render import (
    CONTEXT_ID,
    DELETE,
    DOWN,
    MORE,
    PREFIX,
    SIMILAR,
    UNDO,
    UP,
    WHY,
    Reply,
    place_in,
    similar_button,
    surroundings_embed,
    undo_button,
)
from bot.discord.transport import again_if_lost
from corpus.errors import DigestbotError, NotFoundError

if TYPE_CHECKING:
    import re
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.discord.answers import AnswerService
    from bot.discord.bot_context import BotContext
    from bot.discord.commands import Interaction
    from bot.state.answers import StoredAnswer


async def acknowledge_change(interaction: Interaction) -> None:
    """Show that the message with the button will change."""
    with acknowledged_once():
        await again_if_lost(interaction.response.defer)


@asynccontextmanager
async def report_failures(interaction: Interaction, via: str, *, changes: bool = False) -> AsyncIterator[None]:
    """Report errors of the block to the user and the log, and raise none.

    ``via`` names the control in the log; ``changes`` says that the message with the button must not be
    overwritten.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the one place where errors of menus, buttons and forms end
        await report(interaction, error, beside=changes, via=via)


TOO_OLD = "That reply is too old for this. Please ask again."
SWITCHED_OFF = "Ratings are switched off in this server."
THANKS = "Thank you! I have noted that this answer {}. You can still press the other thumb, or undo it."
VOTE_REMOVED = "Vote removed: I keep nothing of it."
NO_VOTE = "You have no vote on this answer."
REASONS = {
    "question": "It is not what I asked",
    "wrong": "Something in it is wrong",
    "missing": "Something is missing",
    "old": "It is out of date",
    "reading": "It is hard to read",
}
KEPT = "I keep this with the question, but not your name."
CHOICE, WORDS = "choice", "words"
LONGEST_REASON = 500


class VoteHandler:
    """Stores votes and their reasons, and undoes them."""

    def __init__(self, answers: AnswerService) -> None:
        self._answers = answers

    async def up(self, interaction: Interaction, about: str) -> None:
        """Store that an answer was good."""
        await acknowledge(interaction, privately=True)
        given = await self._voted_on(interaction, about)
        await asyncio.to_thread(self._answers.feedback.vote, given, interaction.user.id, up=True)
        await fill_in(interaction, _thanks(about, "was good"))

    async def ask_why(self, interaction: Interaction, about: str) -> None:
        """Open the form that asks what was wrong; closing it is no vote."""
        await self._voted_on(interaction, about)
        form = form_of(about)
        with acknowledged_once():
            await again_if_lost(lambda: interaction.response.send_modal(form))

    async def down(self, interaction: Interaction, about: str) -> None:
        """Store that an answer was not good, with the form's fields."""
        await acknowledge(interaction, privately=True)
        given = await self._voted_on(interaction, about)
        reason = reason_in(interaction.data)
        await asyncio.to_thread(
            self._answers.feedback.vote, given, interaction.user.id, up=False, reason=reason or None
        )
        await fill_in(interaction, _thanks(about, "was not good"))

    async def undo(self, interaction: Interaction, about: str) -> None:
        """Undo a vote, also on an answer that is too old for new votes."""
        await acknowledge_change(interaction)
        undone = await asyncio.to_thread(self._answers.feedback.undo, about, interaction.user.id)
        await fill_in(interaction, Reply(VOTE_REMOVED if undone else NO_VOTE))

    async def _voted_on(self, interaction: Interaction, about: str) -> StoredAnswer:
        if not await asyncio.to_thread(self._answers.allows_feedback, scope_of(interaction)):
            raise DigestbotError(SWITCHED_OFF)
        return await stored_answer_for(self._answers, interaction, about)


async def stored_answer_for(answers: AnswerService, interaction: Interaction, about: str) -> StoredAnswer:
    """Return the answer that a button belongs to.

    Raises:
        NotFoundError: the answer is no longer stored, or belongs to another server.
    """
    given = await asyncio.to_thread(answers.stored.get, about)
    if given is None or given.scope != scope_of(interaction):
        raise NotFoundError(TOO_OLD)
    return given


def form_of(answer: str) -> discord.ui.Modal:
    """Make the form that asks what was wrong; all fields are optional."""
    form = discord.ui.Modal(title="What was wrong?", custom_id=f"{PREFIX}:{WHY}:{answer}")
    choices = [discord.SelectOption(label=said, value=name) for name, said in REASONS.items()]
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=CHOICE, options=choices, required=False, min_values=0, placeholder="Choose what fits best"
    )
    words: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=WORDS, style=discord.TextStyle.paragraph, required=False, max_length=LONGEST_REASON
    )
    form.add_item(discord.ui.Label(text="The answer", component=select))
    form.add_item(discord.ui.Label(text="In your words", description=KEPT, component=words))
    form.stop()  # discord.py need not keep it: ``reason_in`` reads the interaction's data
    return form


def reason_in(data: Any) -> str:
    """Return a form's choice and text on one line; empty if nothing was filled in."""
    filled = [row.get("component") or {} for row in (data or {}).get("components", ())]
    fields = {each.get("custom_id"): each for each in filled}
    chosen = [REASONS[name] for name in fields.get(CHOICE, {}).get("values") or () if name in REASONS]
    written = " ".join(str(fields.get(WORDS, {}).get("value") or "").split())[:LONGEST_REASON]
    written = written.encode("utf-8", "replace").decode("utf-8")  # stray surrogates cannot be stored
    return ": ".join([*chosen, *([written] if written else [])])


def _thanks(about: str, what: str) -> Reply:
    return Reply(THANKS.format(what), buttons=(undo_button(about),))


log = structlog.get_logger(__name__)

NOT_YOURS = "Only the person who asked, or someone who can manage messages here, can delete this."
UNKNOWN = "This button is out of date. Please ask again."


class ButtonHandler:
    """Dispatches buttons and forms by their custom_id."""

    def __init__(self, context: BotContext) -> None:
        self._context = context
        self._answers = context.answers
        voting = VoteHandler(context.answers)
        self._acts: dict[str, Callable[[Interaction, str], Awaitable[None]]] = {
            MORE: self._more,
            SIMILAR: self._similar,
            DELETE: self._delete,
            UP: voting.up,
            DOWN: voting.ask_why,
            UNDO: voting.undo,
            WHY: voting.down,
        }

    async def handle(self, interaction: Interaction, custom_id: str) -> None:
        """Run the action of a button or form, and report its errors to the user."""
        act, _, about = custom_id.removeprefix(f"{PREFIX}:").partition(":")
        self._context.note_work()
        async with report_failures(interaction, act, changes=act == DELETE):
            if act not in self._acts:
                raise NotFoundError(UNKNOWN)
            if not await admitted(interaction, self._context):
                return
            await self._acts[act](interaction, about)

    async def _more(self, interaction: Interaction, about: str) -> None:
        """Show the next citations: to everyone when the asker presses first, else to the user alone."""
        answers = self._answers.stored
        given = await stored_answer_for(self._answers, interaction, about)
        private = is_private(interaction) or interaction.user.id != given.user
        private = private or not await asyncio.to_thread(answers.take_continuation, about)
        await acknowledge(interaction, privately=private)
        workers = self._context.workers
        await fill_in(interaction, await workers.run(lambda: self._answers.more(given, private=private)))

    async def _similar(self, interaction: Interaction, about: str) -> None:
        """Show similar entries to the user alone, since they lead away from the question."""
        await acknowledge(interaction, privately=True)
        entry, offset = map(_number, about.partition(":")[::2])
        scope, workers = scope_of(interaction), self._context.workers
        await fill_in(interaction, await workers.run(lambda: self._answers.similar(entry, offset, scope)))

    async def _delete(self, interaction: Interaction, about: str) -> None:
        """Delete the reply, for its asker or someone who can manage messages."""
        asker, _, answer = about.partition(":")
        if interaction.user.id != _number(asker) and not interaction.permissions.manage_messages:
            raise DigestbotError(NOT_YOURS)
        await acknowledge_change(interaction)
        await asyncio.to_thread(self._answers.stored.remove, answer)
        try:
            await again_if_lost(interaction.delete_original_response)
        except discord.NotFound:
            log.info("deleted already", request=request_id(interaction.id))


class ReplyButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"{PREFIX}:[a-z]+:.*"):
    """Any button under a reply, made from its custom_id when pressed."""

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Wrap the button that was pressed."""
        del interaction, match
        if not isinstance(item, discord.ui.Button):
            raise TypeError("only buttons are called so")
        return cls(item)

    async def callback(self, interaction: Interaction) -> Any:
        """Run the button's action."""
        presses: ButtonHandler = interaction.client.buttons  # type: ignore[attr-defined]
        await presses.handle(interaction, self.custom_id)


def is_private(interaction: Interaction) -> bool:
    """Whether only one user sees the message with the button."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def _number(said: str) -> int:
    if not said.isdecimal():
        raise NotFoundError(UNKNOWN)
    return int(said)


class ContextView(discord.ui.View):
    """Listens to the menus under all replies, also those from before a restart."""

    def __init__(self, context: BotContext) -> None:
        super().__init__(timeout=None)
        self._context = context
        self.add_item(_Menu(context))

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Check the user's limits."""
        return await admitted(interaction, self._context)


class _Menu(discord.ui.Select[ContextView]):
    def __init__(self, context: BotContext) -> None:
        super().__init__(custom_id=CONTEXT_ID, options=[discord.SelectOption(label="-")])
        self._context = context

    async def callback(self, interaction: Interaction) -> Any:
        """Show the chosen quote in its surroundings, to the user alone."""
        async with report_failures(interaction, "context"):
            await acknowledge(interaction, privately=True)
            workers, scope = self._context.workers, scope_of(interaction)
            entry, start, end = place_in(self.values[0])
            found = await workers.run(lambda: workers.assistant.surroundings(entry, start, end, scope=scope))
            await fill_in(interaction, Reply(None, [surroundings_embed(found)], buttons=(similar_button(entry),)))
