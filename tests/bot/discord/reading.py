"""Reads a text as Discord shows it: escapes undone, and a complaint wherever markup would take effect."""

from __future__ import annotations

import re

ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
SHRUG = re.compile(r"¯\\_\(ツ\)_/¯")
INLINE = {
    "a link": re.compile(r"\[[^\]]*\]\("),
    "an address": re.compile(r"(?:https?|steam|discord)://\S"),
    "an invitation": re.compile(r"discord(?:app)?\.(?:gg|com/invite)/\w", re.IGNORECASE),
    "a link in angle brackets": re.compile(r"<[^: >]+:/[^ >]+>"),
    "a mail or telephone link": re.compile(r"<(?:[^\s<>]+@[^\s<>]+|\+?[\d\s-]+|tel:|sms:|mailto:)"),
    "a mention": re.compile(r"<(?:@[!&]?|#)\d+>|@(?:everyone|here)|<id:\w+>"),
    "a command": re.compile(r"</[^<>:]+:\d+>"),
    "a custom emoji": re.compile(r"<a?:\w+:\d+>"),
    "a timestamp": re.compile(r"<t:-?\d+"),
    "an emoji by name": re.compile(r":[^\s:]+?:"),
    "bold or italics": re.compile(r"\*[^\s*]|\*\*"),
    "underline or italics": re.compile(r"_[^\s]"),
    "strike-through": re.compile(r"~~"),
    "a spoiler": re.compile(r"\|\|"),
    "code": re.compile(r"`"),
}
BOLD = re.compile(
    r"(?P<before>(?:> )?(?:\\.|[^*\\])*)\*\*(?P<inside>(?:\\.|[^*\\])+)\*\*(?P<after>(?:\\.|[^*\\])*)", re.DOTALL
)
MARK = "\ud800"
"""Stands where bold begins or ends: no text that is sent can have it, and nothing is joined across it."""
LINE = {
    "a heading": re.compile(r" *#{1,3}\s+\S"),
    "a subtext": re.compile(r" *-#\s"),
    "a list": re.compile(r"\s*(?:[-*+]|\d+\.)(?:\s|$)"),
    "a quote": re.compile(r" *>"),
}
BIDI_OPENINGS = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}


def visible(markdown: str) -> str:
    """The text of some lines as it is read in Discord.

    Raises:
        AssertionError: markup, a mention or a change of direction would take effect.
    """
    return "\n".join(_visible_line(line) for line in markdown.split("\n"))


def unquoted(markdown: str) -> str:
    """What the block quote of a description says, as it is read; one stretch of each line may be in bold."""
    quoted = [line.removeprefix("> ") for line in markdown.split("\n") if line.startswith("> ")]
    return "\n".join(_visible_line(_with_bold_marked(line)).replace(MARK, "") for line in quoted)


def bold(markdown: str) -> str:
    """What the block quote of a description says in bold, as it is read."""
    return " ".join(visible(found["inside"]) for line in markdown.split("\n") if (found := BOLD.search(line)))


def _with_bold_marked(line: str) -> str:
    """The line with other marks for the one stretch that is in bold; blanks at its edges would undo it."""
    found = BOLD.match(line)
    if not found:
        return line
    assert found["inside"] == found["inside"].strip(), f"bold with blanks at its edges in {line!r}"
    return MARK.join((found["before"], found["inside"], found["after"]))


def _visible_line(line: str) -> str:
    for name, pattern in LINE.items():
        assert not pattern.match(line), f"{name} begins in {line!r}"
    shown, at = [], 0
    while at < len(line):
        if escaped := ESCAPE.match(line, at):
            shown.append(escaped[1])
            at = escaped.end()
            continue
        assert not SHRUG.match(line, at), f"a shrug, which Discord does not unescape, in {line!r}"
        for name, pattern in INLINE.items():
            assert not pattern.match(line, at), f"{name} begins at {at} in {line!r}"
        shown.append(line[at])
        if closing := BIDI_OPENINGS.get(line[at]):
            assert line[at + 1 : at + 2] == closing, f"a change of direction is left open in {line!r}"
            at += 1
        at += 1
    return "".join(shown)
