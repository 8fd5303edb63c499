"""ButtonHandler: what the buttons under replies do, those of replies from before a restart among them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self

import discord
import structlog

from bot.discord.commands import RESPONDED_ALREADY, acknowledge, admitted, fill_in, scope_of
from bot.discord.errors import explain, request_id
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
from bot.discord.transport import UNSENT, again_if_lost
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
    try:
        await again_if_lost(interaction.response.defer)
    except discord.HTTPException as error:
        if error.code != RESPONDED_ALREADY:  # which it is where only Discord's answer was lost
            raise


@asynccontextmanager
async def report_failures(interaction: Interaction, via: str, *, changes: bool = False) -> AsyncIterator[None]:
    """Tell the user, and the log, what goes wrong within; nothing is raised out of it.

    Args:
        interaction: what the user did.
        via: a word for the log.
        changes: it is about the message with the button itself, which is then not to be written over.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the one place where the errors of menus, buttons and forms end
        told = explain(error, request_id(interaction.id), via=via)
        if told is not None:
            await _tell(interaction, told, changes=changes)


async def _tell(interaction: Interaction, told: Reply, *, changes: bool) -> None:
    """Show a line in the reply that waits, or in a private one; never in place of the reply with the button."""
    try:
        if not interaction.response.is_done():
            try:
                await interaction.response.send_message(told.content, ephemeral=True)
            except discord.HTTPException as error:
                if error.code != RESPONDED_ALREADY:  # which it is where only Discord's answer was lost
                    raise
            else:
                return
        if changes:
            await interaction.followup.send(told.content or "", ephemeral=True)
        else:
            await fill_in(interaction, told)
    except UNSENT as failure:
        log.warning("cannot tell the user", request=request_id(interaction.id), error=str(failure))


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


class VoteHandler:
    """Takes votes, their reasons, and takes them back."""

    def __init__(self, giver: AnswerService) -> None:
        self._answers = giver

    async def up(self, interaction: Interaction, about: str) -> None:
        """Note that an answer was good."""
        await acknowledge(interaction, privately=True)
        given = await self._voted_on(interaction, about)
        await asyncio.to_thread(self._answers.feedback.vote, given, interaction.user.id, up=True)
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
            self._answers.feedback.vote, given, interaction.user.id, up=False, reason=reason or None
        )
        await fill_in(interaction, _thanks(about, "was not good"))

    async def undo(self, interaction: Interaction, about: str) -> None:
        """Take a vote back, also where the answer is too old to be voted on; the thanks are replaced."""
        await acknowledge_change(interaction)
        undone = await asyncio.to_thread(self._answers.feedback.undo, about, interaction.user.id)
        await fill_in(interaction, Reply(TAKEN_BACK if undone else NO_VOTE))

    async def _voted_on(self, interaction: Interaction, about: str) -> StoredAnswer:
        if not await asyncio.to_thread(self._answers.allows_feedback, scope_of(interaction)):
            raise DigestbotError(SWITCHED_OFF)
        return await stored_answer_for(self._answers, interaction, about)


async def stored_answer_for(giver: AnswerService, interaction: Interaction, about: str) -> StoredAnswer:
    """The answer that a button is about, for who pressed it.

    Raises:
        NotFoundError: it is no longer kept, or was given in another server.
    """
    given = await asyncio.to_thread(giver.stored.get, about)
    if given is None or given.scope != scope_of(interaction):
        raise NotFoundError(TOO_OLD)
    return given


def form_of(answer: str) -> discord.ui.Modal:
    """The form that asks what was wrong with an answer; nothing in it has to be filled in."""
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
    return Reply(THANKS.format(what), buttons=(undo_button(about),))


log = structlog.get_logger(__name__)

NOT_YOURS = "Only who asked, and who may manage messages here, can delete this."
UNKNOWN = "This button is from another version of me. Please ask again."


class ButtonHandler:
    """Does what buttons and forms say, in one place, so that each failure is told in one way."""

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
        """Do what a button or a form with such a custom_id says; the user is told what goes wrong."""
        act, _, about = custom_id.removeprefix(f"{PREFIX}:").partition(":")
        self._context.note_work()
        async with report_failures(interaction, act, changes=act == DELETE):
            if act not in self._acts:
                raise NotFoundError(UNKNOWN)
            if not await admitted(interaction, self._context):
                return
            await self._acts[act](interaction, about)

    async def _more(self, interaction: Interaction, about: str) -> None:
        """Show the next citations: to everyone where the asker wants them the first time, else to who pressed."""
        answers = self._answers.stored
        given = await stored_answer_for(self._answers, interaction, about)
        private = is_private(interaction) or interaction.user.id != given.user
        private = private or not await asyncio.to_thread(answers.take_continuation, about)
        await acknowledge(interaction, privately=private)
        workers = self._context.workers
        await fill_in(interaction, await workers.run(lambda: self._answers.more(given, private=private)))

    async def _similar(self, interaction: Interaction, about: str) -> None:
        """Show what is like an entry, to who pressed alone: it leads away from what was asked."""
        await acknowledge(interaction, privately=True)
        entry, offset = map(_number, about.partition(":")[::2])
        scope, workers = scope_of(interaction), self._context.workers
        await fill_in(interaction, await workers.run(lambda: self._answers.similar(entry, offset, scope)))

    async def _delete(self, interaction: Interaction, about: str) -> None:
        """Delete the reply, for the asker and for who may manage messages."""
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
    """Any button under a reply, made anew from its custom_id when it is pressed."""

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
        """Do what it says."""
        presses: ButtonHandler = interaction.client.buttons  # type: ignore[attr-defined]
        await presses.handle(interaction, self.custom_id)


def is_private(interaction: Interaction) -> bool:
    """Whether the message with the button is seen by one user alone."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def _number(said: str) -> int:
    if not said.isdecimal():
        raise NotFoundError(UNKNOWN)
    return int(said)


class ContextView(discord.ui.View):
    """Listens to the menus under all replies, those from before a restart among them."""

    def __init__(self, context: BotContext) -> None:
        super().__init__(timeout=None)
        self._context = context
        self.add_item(_Menu(context))

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Whether the user has opened few enough quotes."""
        return await admitted(interaction, self._context)


class _Menu(discord.ui.Select[ContextView]):
    def __init__(self, context: BotContext) -> None:
        super().__init__(custom_id=CONTEXT_ID, options=[discord.SelectOption(label="-")])
        self._context = context

    async def callback(self, interaction: Interaction) -> Any:
        """Show the chosen quote to the one who chose it."""
        async with report_failures(interaction, "context"):
            await acknowledge(interaction, privately=True)
            workers, scope = self._context.workers, scope_of(interaction)
            entry, start, end = place_in(self.values[0])
            found = await workers.run(lambda: workers.assistant.surroundings(entry, start, end, scope=scope))
            await fill_in(interaction, Reply(None, [surroundings_embed(found)], buttons=(similar_button(entry),)))
