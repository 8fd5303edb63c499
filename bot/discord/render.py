"""Renders answers as Discord messages within Discord's limits: embeds, menus and buttons. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

import discord

from bot.answer import told
from bot.discord.markdown import cut_point, inert, label, quote, units
from corpus.english import counted, shortened
from corpus.errors import NotFoundError
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Answer, Citation, Surroundings

CONTENT = 2000
SUMMARY = 1500
TITLE = 256
DESCRIPTION = 4096
ALL_EMBEDS = 6000
MOST_EMBEDS = 10
BYLINE = 600
NAME = 200
LINK = 600
MOST_NAMED = 3
COLOURS = {Kind.PAPER: 0x5865F2, Kind.JOB: 0x2D9D78, Kind.ARTICLE: 0xE0A030, Kind.FIGURE: 0xC2479B}
_HIGH, _FAIR = 0.9, 0.6
"""Least calibrated confidences of a high and a fair answer: at 0.9 nine of ten are right."""

NOTHING = "I found nothing in the digests that answers that."
NEAREST_COLOUR = 0x80848E
ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:[/?#][A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*)?")


@dataclass(frozen=True, slots=True)
class Reply:
    """A message: text, embeds, or both.

    ``shown`` holds the citations in the embeds, ``questions`` the conversation up to the answered question.
    """

    content: str | None = None
    embeds: list[discord.Embed] = field(default_factory=list)
    shown: tuple[Citation, ...] = ()
    buttons: tuple[Button, ...] = ()
    questions: tuple[str, ...] = ()


def render(answer: Answer) -> Reply:
    """Render the summary line and as many citations as fit, one embed each."""
    if not answer.answered:
        embeds = [nearest_embed(answer.nearest)] if answer.nearest else []
        return Reply(header(answer, otherwise=NOTHING), embeds)
    embeds = citation_embeds(answer.citations)
    left_out = len(answer.citations) - len(embeds)
    return Reply(header(answer, left_out=left_out) or None, embeds, answer.citations[: len(embeds)])


def line(text: str) -> Reply:
    """Render one line, which may hold words of documents or users."""
    return Reply(inert(label(text, CONTENT)))


def header(answer: Answer, *, otherwise: str = "", left_out: int = 0) -> str:
    """Render the text above the embeds: summary, interpretation, confidence, and what did not fit."""
    summary = label(answer.summary or "", SUMMARY) or otherwise
    lines = [inert(summary)] if summary else []
    if answer.understood:
        lines.append(f"-# about: {inert(label(answer.understood, 300))}")
    if answer.answered and answer.signals:  # lists by facts have no signals
        lines.append(f"-# confidence: {in_words(answer.confidence)}")
    if left_out:
        lines.append(f"-# {counted(left_out, 'more passage does', 'more passages do')} not fit in here.")
    return "\n".join(lines)


def in_words(confidence: float) -> str:
    """Put a confidence between 0 and 1 into words."""
    if confidence >= _HIGH:
        return "high"
    return "fair" if confidence >= _FAIR else "low, see whether the quotes answer it"


def citation_embeds(citations: Sequence[Citation]) -> list[discord.Embed]:
    """Render one embed per citation, up to Discord's limit for all embeds."""
    embeds: list[discord.Embed] = []
    left = ALL_EMBEDS
    for citation in citations[:MOST_EMBEDS]:
        embed = citation_embed(citation)
        left -= size(embed)
        if left < 0:
            break
        embeds.append(embed)
    return embeds


def citation_embed(citation: Citation) -> discord.Embed:
    """Render a citation: number and title, byline, quoted excerpt, and its place in small print."""
    number = f"[{citation.rank}] "
    title = inert(label(citation.title, TITLE - len(number))) or "Untitled"
    embed = discord.Embed(title=number + title, colour=COLOURS[citation.kind])
    if footer := small_print(citation):
        embed.set_footer(text=footer)
    above = [inert(byline(citation))] if byline(citation) and not names_authors(citation) else []
    below = [f"-# {where}"] if (where := addresses(citation)) else []
    room = DESCRIPTION - sum(units(part) + 1 for part in (*above, *below))
    embed.description = "\n".join([*above, *quoted(citation, room), *below]) or None
    return embed


def quoted(citation: Citation, room: int) -> list[str]:
    """Quote the excerpt with its best sentence in bold; if it must be cut, say so."""
    excerpt, best = citation.excerpt, citation.best
    whole = quote(excerpt, best if best.end - best.start < len(excerpt.strip()) else None)
    if units(whole) <= room:
        return [whole] if whole else []
    end = cut_point(excerpt, room - 80, quote)
    return [quote(excerpt[:end]), f"-# Cut here: {len(excerpt) - end:,} more characters stand in the digest."]


def byline(citation: Citation) -> str:
    """Return a paper's authors, or a job's company, places, team and pay, unescaped; it may be empty."""
    if citation.kind is Kind.JOB:
        told = (citation.company, citation.place, citation.team, citation.pay)
        return " · ".join(label(part, BYLINE // 3) for part in told if part)
    names = [label(author, NAME) for author in citation.authors]
    ends = accumulate(units(inert(name)) + 2 for name in names)
    return shortened(names, sum(end <= BYLINE for end in ends))


def names_authors(citation: Citation) -> bool:
    """Whether the excerpt has all authors, as in lists of papers: a byline would repeat them."""
    return bool(citation.authors) and all(author in citation.excerpt for author in citation.authors)


def small_print(citation: Citation) -> str:
    """Return the footer: topic, digest, venue and year if the digest's name lacks them, page, other digests.

    Discord shows footers without Markdown.
    """
    digest = label(citation.digest, NAME)
    dating = [str(fact) for fact in (citation.venue, citation.year) if fact and str(fact) not in digest]
    section = citation.section if citation.section != citation.title else None
    parts = [label(section or "", NAME), digest, label(" ".join(dating), NAME)]
    parts += [*([f"p. {citation.page}"] if citation.page else []), *told(citation)]
    others = [found.document for found in citation.also_in]
    others = [name for name in dict.fromkeys(others) if name != citation.document]
    if others:
        parts.append("also in " + shortened([label(name, NAME) for name in others], MOST_NAMED))
    return " · ".join(part for part in parts if part)


def surroundings_embed(found: Surroundings) -> discord.Embed:
    """Render a quote in bold within its surroundings."""
    embed = discord.Embed(title=inert(label(found.title, TITLE)) or "Untitled", colour=NEAREST_COLOUR)
    embed.set_footer(text=label(found.digest, NAME))
    end = len(found.text)
    while units(shown := quote(found.text[:end], found.quoted)) > DESCRIPTION:
        end = end * 3 // 4
    embed.description = shown or None
    return embed


def nearest_embed(nearest: Sequence[Citation]) -> discord.Embed:
    """Render the nearest entries of an unanswered question, by name."""
    blocks: list[str] = []
    for citation in nearest:
        title = inert(label(citation.title, TITLE)) or "Untitled"
        where = " · ".join(part for part in (label(byline(citation), NAME), small_print(citation)) if part)
        block = f"**{title}**\n-# {inert(label(where, 400))}"
        if units("\n".join([*blocks, block])) > DESCRIPTION:
            break
        blocks.append(block)
    return discord.Embed(title="Nearest in the digests", description="\n".join(blocks), colour=NEAREST_COLOUR)


def size(embed: discord.Embed) -> int:
    """Return an embed's length in UTF-16 units, as Discord counts it towards a message's limit."""
    return sum(units(part or "") for part in (embed.title, embed.description, embed.footer.text))


def addresses(citation: Citation) -> str:
    """Return the entry's address and a link to the quote in its page; empty if it has none."""
    shown = [f"<{citation.url}>"] if citation.url and is_address(citation.url) else []
    link = (citation.link or "").replace("(", "%28").replace(")", "%29")  # brackets would end the link
    if is_address(link, LINK):
        shown.append(f"[open the quote](<{link}>)")
    return " · ".join(shown)


def is_address(url: str, longest: int = 300) -> bool:
    """Whether to show a web address as a link: plain, and short enough to read."""
    return len(url) <= longest and ADDRESS.fullmatch(url) is not None


CONTEXT_ID = "digestbot:context"
PLACEHOLDER = "Read a quote in its place"
LENGTH = 100


def menu_of(citations: Sequence[Citation]) -> discord.ui.Select[discord.ui.View]:
    """Make the menu of one or more citations; ``ContextView`` listens to all menus, also after a restart."""
    return discord.ui.Select(
        custom_id=CONTEXT_ID,
        placeholder=PLACEHOLDER,
        options=[
            discord.SelectOption(
                label=label(f"[{each.rank}] {each.title}", LENGTH),
                description=label(each.digest, LENGTH) or None,
                value=f"{each.entry_id}:{each.start}:{each.end}",
            )
            for each in citations
        ],
    )


def place_in(value: str) -> tuple[int, int, int]:
    """Parse a menu's value into an entry's id and a quote's offsets.

    Raises:
        NotFoundError: the value is malformed.
    """
    try:
        entry, start, end = map(int, value.split(":"))
    except ValueError:
        raise NotFoundError("That page has since been updated or removed. Please ask again.") from None
    return entry, start, end


PREFIX = "digestbot"
MORE, SIMILAR, UP, DOWN, UNDO, DELETE, WHY = "more", "similar", "up", "down", "undo", "delete", "why"
"""The actions of buttons; the last is the form that asks for a reason."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its action, the action's object, and its looks."""

    act: str
    about: str
    label: str | None = None
    emoji: str | None = None

    @property
    def custom_id(self) -> str:
        """What Discord sends when the button is pressed; at most 100 characters."""
        return f"{PREFIX}:{self.act}:{self.about}"


def more_button(answer: str) -> Button:
    """Make the button for the next citations of an answer."""
    return Button(MORE, answer, "More")


def similar_button(entry: int, offset: int = 0) -> Button:
    """Make the button for entries similar to one, from an offset on."""
    return Button(SIMILAR, f"{entry}:{offset}", "More" if offset else "Similar")


def vote_buttons(answer: str) -> tuple[Button, Button]:
    """Make the buttons that rate an answer."""
    return Button(UP, answer, emoji="👍"), Button(DOWN, answer, emoji="👎")


def undo_button(answer: str) -> Button:
    """Make the button that undoes a vote."""
    return Button(UNDO, answer, "Undo")


def delete_button(asker: int, answer: str) -> Button:
    """Make the button that deletes a reply; it carries the asker's id, who may press it."""
    return Button(DELETE, f"{asker}:{answer}", emoji="🗑️")


def controls_of(reply: Reply) -> discord.ui.View | None:
    """Return a view with the menu and the buttons of a reply, one row each; None if it has neither."""
    if not reply.shown and not reply.buttons:
        return None
    view = discord.ui.View(timeout=None)
    if reply.shown:
        view.add_item(menu_of(reply.shown))
    for button in reply.buttons:
        view.add_item(discord.ui.Button(label=button.label, emoji=button.emoji, custom_id=button.custom_id, row=1))
    view.stop()  # else discord.py keeps it in memory as long as the bot runs
    return view
