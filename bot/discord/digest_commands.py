"""``/digest``: admins add, list and remove pages that only their server sees."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Self

import discord
import structlog
from discord import app_commands

from bot.discord.browse import listed
from bot.discord.commands import begin, fill_in
from bot.discord.guilds import choices, named
from bot.discord.render import Reply, line
from bot.discord.transport import UNSENT
from bot.sources.ingest import MAX_BYTES, Silence, Source
from bot.sources.urls import is_address, normal
from corpus.english import count_kinds, counted
from corpus.errors import DigestbotError, NotFoundError
from corpus.readers import FORMATS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.discord.bot_context import BotContext
    from bot.discord.commands import Interaction
    from bot.sources.ingest import Outcome

log = structlog.get_logger(__name__)

BETWEEN = 2.0
"""Seconds between two edits: Discord limits them."""


class Progress(Silence):
    """Listens to an ingest in another thread, and shows its progress while the block runs."""

    def __init__(
        self,
        show: Callable[[str], Awaitable[object]],
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._show = show
        self._pause = pause
        self._now: tuple[int, int] | None = None
        self._task: asyncio.Task[None] | None = None
        self._edit: asyncio.Future[object] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_on())
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self._edit is not None:  # it must not overtake the final reply
            await asyncio.gather(self._edit, return_exceptions=True)

    def embedding(self, done: int, total: int) -> None:
        """Note how many passages are embedded."""
        self._now = done, total

    async def _keep_on(self) -> None:
        shown: tuple[int, int] | None = None
        while True:
            await self._pause(BETWEEN)
            if self._now is None or self._now == shown:
                continue
            shown = self._now
            try:
                # Shielded: a request that waits for Discord's limits must not be cancelled, see messages.typing.
                self._edit = asyncio.ensure_future(self._show(f"Reading… {shown[0]} of {shown[1]} passages"))
                await asyncio.shield(self._edit)
            except UNSENT as error:
                log.info("progress not shown", error=type(error).__name__)
                return  # the outcome is shown all the same


LONGEST_ADDRESS = 1000
NOT_ALLOWED = "Only members who can manage this server can do that."
STOPPED = (
    "I am restarting in the middle of that page. Please check /digest list in a minute, and add the page again "
    "if it is missing."
)


def digest_group(context: BotContext) -> app_commands.Group:
    """``/digest add``, ``remove`` and ``list``, for members who can manage the server."""
    group = app_commands.Group(
        name="digest",
        description="Manage this server's own pages.",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    @group.command(name="add", description="Add a page to this server: a file, or an address on the web.")
    @app_commands.describe(file=f"A page: {', '.join(FORMATS)}", address="Where the page is, https://…")
    async def add(
        interaction: Interaction,
        file: discord.Attachment | None = None,
        address: app_commands.Range[str, 1, LONGEST_ADDRESS] | None = None,
    ) -> None:
        scope = managed_guild(interaction)
        await begin(interaction, context)
        if (file is None) == (address is None):
            raise DigestbotError("Give me either a file or an address.")
        source = await _uploaded(file) if file else _named(address or "")
        context.note_work()
        try:
            async with Progress(lambda text: interaction.edit_original_response(content=text)) as progress:
                (outcome,) = await context.workers.read([source], scope, progress)
        except asyncio.CancelledError:
            await fill_in(interaction, line(STOPPED))
            raise
        if context.metrics:
            context.metrics.read([outcome.state])
        await fill_in(interaction, outcome_reply(outcome))

    @group.command(name="remove", description="Remove one of this server's pages.")
    @app_commands.describe(digest="Which one")
    async def remove(interaction: Interaction, digest: app_commands.Range[str, 1, 100]) -> None:
        scope = managed_guild(interaction)
        await begin(interaction, context)
        meant = named(await context.workers.own_digests(scope), digest)
        if len(meant) != 1:
            raise NotFoundError("This server has no digest of that name. Pick one from the list as you type.")
        await asyncio.to_thread(lambda: context.workers.assistant.remove(meant[0].id))
        context.workers.forget_digests(scope)
        await fill_in(interaction, line(f"“{meant[0].title}” is no longer among this server's digests."))

    @group.command(name="list", description="This server's own pages.")
    async def list_(interaction: Interaction) -> None:
        scope = managed_guild(interaction)
        await begin(interaction, context)
        own = await context.workers.own_digests(scope)
        await fill_in(interaction, listed(own) if own else line("This server has no digests of its own yet."))

    @remove.autocomplete("digest")
    async def offer(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(await context.workers.own_digests(managed_guild(interaction)), typed)

    return group


def outcome_reply(outcome: Outcome) -> Reply:
    """Say what became of a page, in one line."""
    if outcome.state == "failed":
        return line(f"I could not add that page: {(outcome.error or '').rstrip('.')}.")
    if outcome.state == "unchanged":
        return line("That page is already here, and has not changed.")
    done = "Added" if outcome.state == "new" else "Updated"
    read = count_kinds(outcome.counts) or "nothing that I recognise"
    left = f", {counted(outcome.unplaced, 'block')} not recognised" if outcome.unplaced else ""
    return line(f"{done}: {read}{left}. Ask away.")


def managed_guild(interaction: Interaction) -> int:
    """Return the server that the user manages; server admins can loosen Discord's own check.

    Raises:
        DigestbotError: outside of a server, or without the permission.
    """
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise DigestbotError(NOT_ALLOWED)
    return interaction.guild_id


async def _uploaded(file: discord.Attachment) -> Source:
    too_large = DigestbotError(f"That file is too large: pages may have at most {MAX_BYTES / 1e6:.0f} MB.")
    if file.size > MAX_BYTES:
        raise too_large
    try:
        data = await file.read()
    except UNSENT as error:
        raise DigestbotError("I could not download that file from Discord. Please try again.") from error
    if len(data) > MAX_BYTES:
        raise too_large
    return Source(Path(file.filename), data=data)


def _named(address: str) -> Source:
    if not is_address(address.strip()):
        raise DigestbotError("An address begins with http:// or https://; copy it from your browser.")
    return Source(Path(), address=normal(address))
