"""``/digest``: a server's admins add pages of their own, seen there and nowhere else, and take them out again."""

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
from bot.sources.ingest import MAX_BYTES, Source
from bot.sources.urls import is_address, normal
from corpus.errors import DigestbotError, NotFoundError
from corpus.model import Kind
from corpus.readers import FORMATS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from bot.discord.bot_context import BotContext
    from bot.discord.commands import Interaction
    from bot.sources.ingest import Outcome


log = structlog.get_logger(__name__)

BETWEEN = 2.0
"""Seconds between two edits: Discord limits them, and nobody reads faster."""


class Progress:
    """Listens to an ingest, from whatever thread that runs in, and shows how it goes on while the block runs.

    Args:
        show: shows a text.
        pause: waits some seconds.
    """

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

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self._edit is not None:  # which must not come after what is shown at the end
            await asyncio.gather(self._edit, return_exceptions=True)

    def started(self, documents: int) -> None:
        """So many documents will be looked at."""

    def embedding(self, done: int, total: int) -> None:
        """Of the document's passages, so many of those that need it have been embedded."""
        self._now = done, total

    def finished(self, outcome: Outcome) -> None:
        """One document is done."""

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
                return  # what became of it is told all the same


LONGEST_ADDRESS = 1000
NOT_ALLOWED = "Only who may manage this server can do that."
STOPPED = (
    "I am being restarted in the middle of that page. Please look at /digest list in a minute, and add the page "
    "again if it is not there."
)
NOUNS = {Kind.PAPER: "paper", Kind.JOB: "job post", Kind.ARTICLE: "section", Kind.FIGURE: "figure"}


def digest_group(context: BotContext) -> app_commands.Group:
    """``/digest add``, ``/digest remove`` and ``/digest list``, for who may manage the server."""
    group = app_commands.Group(
        name="digest",
        description="This server's own pages.",
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
        await fill_in(interaction, told(outcome))

    @group.command(name="remove", description="Take a page of this server out again.")
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


def told(outcome: Outcome) -> Reply:
    """What became of a page, in a line."""
    if outcome.state == "failed":
        return line(f"That page could not be added: {(outcome.error or '').rstrip('.')}.")
    if outcome.state == "unchanged":
        return line("That page is here already, and has not changed.")
    counts = [
        f"{outcome.counts[kind]} {noun}{'s' * (outcome.counts[kind] != 1)}"
        for kind, noun in NOUNS.items()
        if outcome.counts.get(kind)
    ]
    done = "Added" if outcome.state == "new" else "Read again"
    read = ", ".join(counts) or "nothing that I recognise"
    left = f", {outcome.unplaced} could not be placed" if outcome.unplaced else ""
    return line(f"{done}: {read}{left}. Ask away.")


def managed_guild(interaction: Interaction) -> int:
    """The server that the user may manage; Discord's own check can be changed by any admin of the server.

    Raises:
        DigestbotError: not in a server, or not theirs to manage.
    """
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise DigestbotError(NOT_ALLOWED)
    return interaction.guild_id


async def _uploaded(file: discord.Attachment) -> Source:
    too_large = DigestbotError(f"The file has more than the {MAX_BYTES / 1e6:.0f} MB that a page may have.")
    if file.size > MAX_BYTES:
        raise too_large
    try:
        data = await file.read()
    except UNSENT as error:
        raise DigestbotError("Discord does not give me that file. Please try again.") from error
    if len(data) > MAX_BYTES:
        raise too_large
    return Source(Path(file.filename), data=data)


def _named(address: str) -> Source:
    if not is_address(address.strip()):
        raise DigestbotError("An address begins with http:// or https://, such as that of a page in your browser.")
    return Source(Path(), address=normal(address))
