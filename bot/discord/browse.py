"""The commands that browse: papers and jobs by their facts, the digests, and what can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord.bot_context import UserQuestion
from bot.discord.commands import ONLY_ME, PRIVATE, answer_command, begin, fill_in, scope_of
from bot.discord.guilds import names_of
from bot.discord.markdown import inert, label
from bot.discord.render import Reply
from bot.facts import EMPLOYMENTS, LEVELS
from bot.query.dates import shown
from bot.query.parser import MAX_CHARACTERS
from bot.state.answers import StoredAnswer
from corpus.model import Kind, Workplace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.discord.bot_context import BotContext
    from bot.discord.commands import Interaction
    from corpus.store.records import StoredDocument


MOST_PAGES = 1000
LENGTH = 100
ROOM = 3900

HELP = """
**Ask in your own words**: `/ask`, a direct message, or mention me. I answer with quotes from the digests, and \
say so when something is not in them. "and who wrote it?" and "what about Boston?" go on from your last question.
**Browse**: `/papers` by topic, author and venue, `/jobs` by place, company, pay, `/digests` for what I have read.
**Be told**: `/subscribe` to what you wait for; `/subscriptions` shows it, `/unsubscribe` ends it.
**From a message**: choose *Apps*, then *Ask the digest*, to look up what somebody said.
**Under a reply**: more of it, what is like it, a quote in its place. With 👍 and 👎 I keep the question, but not \
your name; 🗑️ deletes the reply.
**Go on**: reply to one of my answers, with a mention. When you delete your question, my answer goes, too.
**Only for you**: `only_me` in `/ask`, `/papers` and `/jobs` hides the answer from others.
**Yours**: `/privacy` tells what I keep, `/forget me` removes it.
**Who manages a server**: `/digest add` has me read a page of your own, `/digest list` and `/digest remove` keep \
them in order, and `/settings` says where and how I answer.
""".strip()


def browsing_commands(
    answering: BotContext,
) -> list[app_commands.Command[Any, ..., None] | app_commands.ContextMenu]:
    """``/papers``, ``/jobs``, ``/digests``, ``/help`` and the message command."""
    return [
        papers_command(answering),
        jobs_command(answering),
        digests_command(answering),
        help_command(),
        message_command(answering),
    ]


def papers_command(answering: BotContext) -> app_commands.Command[Any, ..., None]:
    """``/papers``: those that carry all the chosen facts, in page order."""

    @app_commands.command(name="papers", description="Browse the papers by topic, author, venue, track and award.")
    @app_commands.describe(
        topic="The heading they stand under",
        author="One of the authors",
        venue="Conference, with or without its year",
        track="Track or session",
        award="What they were given: best paper, spotlight, oral",
        page="Which page of the list",
        only_me=ONLY_ME,
    )
    async def papers(
        interaction: Interaction,
        topic: app_commands.Range[str, 1, LENGTH] | None = None,
        author: app_commands.Range[str, 1, LENGTH] | None = None,
        venue: app_commands.Range[str, 1, LENGTH] | None = None,
        track: app_commands.Range[str, 1, LENGTH] | None = None,
        award: app_commands.Range[str, 1, LENGTH] | None = None,
        page: app_commands.Range[int, 1, MOST_PAGES] = 1,
        only_me: bool = False,
    ) -> None:
        facts = {"topic": topic, "author": author, "venue": venue, "track": track, "award": award}
        await _browse(interaction, answering, Kind.PAPER, facts, page, private=only_me)

    for option in ("topic", "author", "venue"):
        papers.autocomplete(option)(_offer(answering, option))
    return papers


def _choices(values: Iterable[str]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=value, value=value) for value in values]


def jobs_command(answering: BotContext) -> app_commands.Command[Any, ..., None]:
    """``/jobs``: those that carry all the chosen facts, in page order."""

    @app_commands.command(name="jobs", description="Browse the job posts by place, company, pay and more.")
    @app_commands.describe(
        place="City, region or country",
        team="The team",
        company="The company",
        remote="How the job is done",
        level="Its level",
        employment="The kind of work",
        min_pay="The least it pays: 120k a year, or 45 an hour",
        since="Posted since a day (2026-06-01), or for so long (7d)",
        closed="Show those that are closed, instead of those that are open",
        page="Which page of the list",
        only_me=ONLY_ME,
    )
    @app_commands.choices(remote=_choices(Workplace), level=_choices(LEVELS), employment=_choices(EMPLOYMENTS))
    async def jobs(  # noqa: PLR0913, PLR0917 - one parameter an option
        interaction: Interaction,
        place: app_commands.Range[str, 1, LENGTH] | None = None,
        team: app_commands.Range[str, 1, LENGTH] | None = None,
        company: app_commands.Range[str, 1, LENGTH] | None = None,
        remote: str | None = None,
        level: str | None = None,
        employment: str | None = None,
        min_pay: app_commands.Range[str, 1, 20] | None = None,
        since: app_commands.Range[str, 1, 20] | None = None,
        closed: bool | None = None,
        page: app_commands.Range[int, 1, MOST_PAGES] = 1,
        only_me: bool = False,
    ) -> None:
        facts = {
            "place": place, "team": team, "company": company, "remote": remote, "level": level,
            "employment": employment, "min_pay": min_pay, "since": since,
            "open": None if closed is None else "no" if closed else "yes",
        }  # fmt: skip
        await _browse(interaction, answering, Kind.JOB, facts, page, private=only_me)

    for option in ("place", "team"):
        jobs.autocomplete(option)(_offer(answering, option))
    return jobs


def digests_command(answering: BotContext) -> app_commands.Command[Any, ..., None]:
    """``/digests``: what the asker's questions are answered from."""

    @app_commands.command(name="digests", description="What the answers are taken from.")
    async def digests(interaction: Interaction) -> None:
        scope = await begin(interaction, answering)
        documents = await answering.workers.digests(scope)
        await fill_in(interaction, listed(documents))

    return digests


def help_command() -> app_commands.Command[Any, ..., None]:
    """``/help``: what can be asked, told to the asker alone."""

    @app_commands.command(name="help", description="What you can ask me.")
    async def help_(interaction: Interaction) -> None:
        await interaction.response.send_message(HELP, ephemeral=True)

    return help_


def message_command(answering: BotContext) -> app_commands.ContextMenu:
    """``Ask the digest``: what a message says is the question."""

    async def ask_the_digest(interaction: Interaction, message: discord.Message) -> None:
        scope = await begin(interaction, answering)
        private = interaction.extras[PRIVATE]
        question = " ".join(message.clean_content.split())[:MAX_CHARACTERS]
        asked = UserQuestion(question, interaction.channel_id or 0, interaction.user.id, scope, private=private)
        await answer_command(interaction, asked, answering)

    return app_commands.ContextMenu(name="Ask the digest", callback=ask_the_digest)


def listed(documents: Sequence[StoredDocument]) -> Reply:
    """The digests with what is in each, as many as fit."""
    lines: list[str] = []
    for document, name in zip(documents, names_of(documents), strict=True):
        where = " ".join(str(fact) for fact in (document.venue, document.year) if fact)
        held = [_counted(document, Kind.PAPER, "paper"), _counted(document, Kind.JOB, "job post")]
        gone = f"gone from its address since {shown(document.gone.date())}" if document.gone else ""
        small = " · ".join(part for part in (where, *held, gone) if part)
        line = f"**{inert(label(name, 200))}**" + (f"\n-# {inert(label(small, 200))}" if small else "")
        if len("\n".join([*lines, line])) > ROOM:
            break
        lines.append(line)
    left = len(documents) - len(lines)
    if left:
        lines.append(f"-# and {left} more")
    title = f"{len(documents)} digest{'s' * (len(documents) != 1)}"
    return Reply(None, [discord.Embed(title=title, description="\n".join(lines) or None)])


def _counted(document: StoredDocument, kind: Kind, noun: str) -> str:
    count = document.counts.get(kind, 0)
    return f"{count} {noun}{'s' * (count != 1)}" if count else ""


async def _browse(
    interaction: Interaction,
    answering: BotContext,
    kind: Kind,
    chosen: Mapping[str, str | None],
    page: int,
    *,
    private: bool,
) -> None:
    scope = await begin(interaction, answering, privately=private)
    browsed = StoredAnswer(
        question="",
        scope=scope,
        user=interaction.user.id,
        channel=interaction.channel_id or 0,
        kind=kind,
        facts={what: name for what, name in chosen.items() if name},
        page=page,
    )
    await fill_in(interaction, await answering.browse(browsed, private=interaction.extras[PRIVATE]))


def _offer(answering: BotContext, what: str) -> Any:
    async def offer(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = await answering.workers.names(what, typed, scope_of(interaction))
        return [app_commands.Choice(name=label(name, LENGTH), value=name) for name in names if len(name) <= LENGTH]

    return offer
