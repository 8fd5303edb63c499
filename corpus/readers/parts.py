"""Parts: a block's words, cut where style, lines and punctuation show that something else begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.readers.dates import is_day
from corpus.readers.keys import Key, key_of
from corpus.readers.labels import EDGES, is_link_label, names_place, names_post
from corpus.readers.people import CERTAIN, NOBODY, People, parse_people
from corpus.readers.pieces import Piece, chunks_of, cut, is_signature
from corpus.readers.terms import names_role
from corpus.readers.tree import PLAIN, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from corpus.readers.tree import Block, Run, Style


LONGEST_LINE = 4_000
"""Characters of a line that is cut; a longer one stays whole: it is prose."""
_CUTS = re.compile(r"[.?!:：。][\s\"”)]|[:(\[【（“„«\"`|│·•¦]|\s[-–—/]|\sby\s")
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_LABEL = re.compile(r"[^\w(\[]{0,8}([^\W\d_][^:：\n|()\[\]]{1,38}?)\s?[:：](?=\s|$|[^\s/\d])")
_SHORTCODES = re.compile(r"(?::\w{2,30}:?\s{0,9}){1,20}")
_YEAR = re.compile(r"(?<![\w.])(?:19[5-9]\d|20[0-4]\d)(?!\w|\.\d)")


@dataclass(slots=True, eq=False)
class Part:
    """A stretch of a record that is of one make.

    Attributes:
        start, end: characters of the stored text.
        text: its words, without what stands around them.
        style: how it is set: of its first words.
        block: the block that it stands in.
        line: the number of its line in the record; ``order``: its own among those of the record.
        before: what parts it from the one before: "line", "style", or a mark's name ("dot", "dash", "bracket").
        quoted: whether it stands in quotes; ``bracketed``: in brackets.
        key: what a label before it says that it is; ``label``: that label.
        people: the names in it.
        links: those in a labelled line, by their words.
        within: how many characters its line has; ``closed``: whether the line ends with a full stop.
    """

    start: int
    end: int
    text: str
    style: Style = PLAIN
    block: Block | None = None
    line: int = 0
    order: int = 0
    before: str = "line"
    quoted: bool = False
    bracketed: bool = False
    key: Key | None = None
    label: str = ""
    people: People = NOBODY
    links: Sequence[tuple[str, str]] = ()
    measures: dict[str, float] | None = None
    within: int = 0
    closed: bool = False

    _words: int | None = field(default=None, init=False)
    _is_link_label: bool | None = field(default=None, init=False)
    _year: int | None = field(default=-1, init=False)
    _is_place: bool | None = field(default=None, init=False)
    _is_day: bool | None = field(default=None, init=False)
    _names_post: bool | None = field(default=None, init=False)

    @property
    def words(self) -> int:
        """How many words it has."""
        if self._words is None:
            self._words = len(_WORD.findall(self.text[:600]))
        return self._words

    @property
    def is_link_label(self) -> bool:
        """Whether it is what a button beside a title says: "pdf", "[code]", a picture."""
        if self._is_link_label is None:
            self._is_link_label = "img" in self.style.marks or is_link_label(self.text)
        return self._is_link_label

    @property
    def year(self) -> int | None:
        """A year in it."""
        if self._year == -1:
            found = _YEAR.search(self.text)
            self._year = int(found[0]) if found else None
        return self._year

    @property
    def is_place(self) -> bool:
        """Whether it is nothing but places."""
        if self._is_place is None:
            far = len(self.text) > 80 or self.words > 9 or len(self.people.names) > 3
            self._is_place = not (far or self.is_link_label or self.year) and names_place(self.text)
        return self._is_place

    @property
    def is_day(self) -> bool:
        """Whether it is nothing but a day."""
        if self._is_day is None:
            self._is_day = len(self.text) < 41 and is_day(self.text)
        return self._is_day

    @property
    def names_post(self) -> bool:
        """Whether it names a job."""
        if self._names_post is None:
            self._names_post = names_post(self.text)
        return self._names_post

    def memo(self, name: str, measure: Callable[[Part], float]) -> float:
        """What a measure gives for it; taken once."""
        if self.measures is None:
            self.measures = {}
        known = self.measures.get(name)
        if known is None:
            known = self.measures[name] = measure(self)
        return known


def lines_of(block: Block, text: str) -> list[list[tuple[int, int, Style]]]:
    """The runs of a leaf block, line by line."""
    lines: list[list[tuple[int, int, Style]]] = [[]]
    end = block.start
    for run in block.runs:
        if "\n" in text[end : run.start] and not (lines[-1] and _goes_on(lines[-1][-1], run, text)):
            lines.append([])
        at = run.start
        while (stop := text.find("\n", at, run.end)) >= 0:
            if stop > at:
                lines[-1].append((at, stop, run.style))
            lines.append([])
            at = stop + 1
        if at < run.end:
            lines[-1].append((at, run.end, run.style))
        end = run.end
    return [line for line in lines if line]


def _goes_on(last: tuple[int, int, Style], run: Run, text: str) -> bool:
    """Whether a line break stands within a link, or within bold words that do not end there."""
    if last[2] != run.style or not (run.style.href or run.style.bold):
        return False
    return bool(run.style.href) or text[run.start].islower() or text[last[1] - 1] in ":-–"


def slot_of(part: Part, at: int) -> tuple[object, ...]:
    """Where a part stands in its record, and how it is set: what parts of one column share."""
    block, style = part.block, part.style
    level = (block.role, block.level, block.name) if block is not None else ()
    return (
        part.key,
        level,
        style.bold,
        style.italic,
        bool(style.href),
        style.marks[:1],
        part.quoted,
        part.bracketed,
        min(at, 3),
    )


def leaves(block: Block, without: Container[int] = ()) -> Iterator[Block]:
    """The blocks with words in it, in page order, without figures and without those of these ids."""
    waiting = [block]
    while waiting:
        each = waiting.pop()
        if (without and id(each) in without) or (each.role is Role.FIGURE and each is not block):
            continue
        if each.runs:
            yield each
        waiting.extend(reversed(each.children))


def parts_of(blocks: Iterable[Block], text: str) -> list[Part]:
    """All parts of a record's blocks, in page order."""
    found: list[Part] = []
    line = 0
    for block in blocks:
        for leaf in leaves(block):
            for runs in lines_of(leaf, text):
                own = _parts_of_line(runs, text, leaf, line)
                for part in own:
                    part.within = runs[-1][1] - runs[0][0]
                    part.closed = text[runs[-1][1] - 1] == "."
                found += own
                line += 1
    for part, following in pairwise(found):
        if following.bracketed and following.year and len(following.text) < 6:
            _read_citation(part)
    joined = _across_lines(found, text)
    for order, part in enumerate(joined):
        part.order = order
    return joined


def _read_citation(part: Part) -> None:
    """Read "Moss, Ray (1985)" as two family names."""
    names = [each.strip() for each in re.split(r",|&|\band\b", part.text)]
    if part.style.href and all(name.isalpha() and name[0].isupper() and " " not in name for name in names):
        part.people = People(tuple(names), 0.6)


def _parts_of_line(runs: list[tuple[int, int, Style]], text: str, leaf: Block, line: int) -> list[Part]:
    start, end = runs[0][0], runs[-1][1]
    if end - start > LONGEST_LINE:
        return [Part(start, end, text[start:end].strip(EDGES), PLAIN, leaf, line)]
    labelled = _label_of(runs, text, leaf)
    if labelled is not None:
        key, label, begins = labelled
        if key is Key.AUTHORS:  # buttons may follow on the same line
            ends = next((a for a, b, s in runs if s.href and a > begins and is_link_label(text[a:b])), end)
            rest = [run for run in runs if run[0] >= ends]
            said = text[begins:ends].strip(" \t:：–—-*·|[(")
            part = Part(
                begins, begins + len(text[begins:ends].rstrip()), said, PLAIN, leaf, line, key=key, label=label
            )
            part.people = parse_people(said)
            return [part, *(_parts_of_line(rest, text, leaf, line) if rest else [])]
        words = text[begins:end].strip(" \t:：–—-*")
        links = [(text[a:b].strip(EDGES + "[]()"), s.href) for a, b, s in runs if s.href and b > begins]
        style = next((s for _, b, s in runs if b > begins), PLAIN)
        return [
            Part(
                begins,
                end,
                words,
                style,
                leaf,
                line,
                key=key,
                label=label,
                links=links,
                people=parse_people(words),
            )
        ]
    if len(runs) == 1 and text.count(", ", start, end) < 2 and not _CUTS.search(text, start, end):
        words = text[start:end].strip(EDGES)
        if not any(map(str.isalnum, words)):
            return []
        return [Part(start, end, words, runs[0][2], leaf, line, people=_people_in(words, text[start:end]))]
    chunks = chunks_of(runs, text)
    if leaf.role is Role.HEADING:
        pieces = _of_heading(chunks, text)
    else:
        pieces = [piece for chunk in chunks for piece in cut(chunk, text)]
    return _parts(pieces, text, leaf, line)


def _of_heading(chunks: list[Piece], text: str) -> list[Piece]:
    """A heading whole, whatever links and styles are in it, but for buttons."""
    joined: list[Piece] = []
    for chunk in chunks:
        button = bool(chunk.style.href) and is_link_label(text[chunk.start : chunk.end])
        if joined and not button and not is_link_label(text[joined[-1].start : joined[-1].end]):
            joined[-1].end = chunk.end
            joined[-1].style = joined[-1].style if joined[-1].style.href else chunk.style
        else:
            joined.append(chunk)
    return joined


def _label_of(runs: list[tuple[int, int, Style]], text: str, leaf: Block) -> tuple[Key | None, str, int] | None:
    """What a line's label says of the rest of it ("Authors: …", "**Location** …"), and where the rest begins."""
    start, end = runs[0][0], runs[-1][1]
    if leaf.role is Role.FIELD and leaf.name:
        return key_of(leaf.name)[0], leaf.name, start
    found = _LABEL.match(text, start, min(end, start + 60))
    if found is None or leaf.role is Role.HEADING:
        return None
    label = found[1].strip(EDGES)
    if any(style.href for a, _, style in runs if a < found.end(1)):
        return None
    first = runs[0][2]
    set_off = first.bold and runs[0][1] <= found.end() + 2 and len(runs) > 1
    key, whole = key_of(label)
    if key in (None, Key.NAME, Key.TYPE, Key.OTHER) or not (whole or (set_off and len(label.split()) < 5)):
        return None  # "**BERT**: Pre-training of …" is a title
    return key, label, found.end()


def _parts(pieces: list[Piece], text: str, leaf: Block, line: int) -> list[Part]:
    parts: list[Part] = []
    for piece in pieces:
        words = text[piece.start : piece.end]
        bare = words.strip(EDGES + ("()[]【】（）" if piece.bracketed else "")).rstrip("[(").rstrip(EDGES)
        if not any(map(str.isalnum, bare)) or _SHORTCODES.fullmatch(words.strip()):
            continue
        people = _people_in(bare, bare if piece.bracketed else words)
        signed = piece.bracketed and is_signature(bare)
        if signed:
            people = parse_people(bare.partition(":")[2].strip())
        elif piece.bracketed and len(people.names) < 2:
            people = NOBODY
        part = Part(
            piece.start,
            piece.end,
            bare,
            piece.style,
            leaf,
            line,
            0,
            piece.before,
            piece.quoted,
            piece.bracketed and not people.names,
            Key.AUTHORS if signed else None,
        )
        part.people = people
        last = parts[-1] if parts else None
        if last and _same_people(last, part, text):
            whole = text[last.start : part.end]
            last.end, last.text, last.people = part.end, whole.strip(EDGES), parse_people(whole)
            last.style = last.style if last.style.href == part.style.href else PLAIN
        else:
            parts.append(part)
    return parts


def _people_in(bare: str, words: str) -> People:
    people = parse_people(words.strip())
    if people.names and (is_link_label(bare) or (len(people.names) < 3 and names_role(bare))):
        return NOBODY
    return people


def _same_people(last: Part, part: Part, text: str) -> bool:
    """Whether two parts are one list of people, set in several styles."""
    if part.before == "dot" and min(len(last.people.names), len(part.people.names)) > 1:
        return min(last.people.score, part.people.score) >= CERTAIN
    if part.before not in ("style", "bar") or last.quoted or part.quoted or part.bracketed or last.bracketed:
        return False
    if part.before == "bar":
        parted = not (names_place(last.text) or names_place(part.text))
    else:
        edge = text[max(last.start, last.end - 5) : part.start + 5].lower()
        parted = any(mark in edge for mark in (",", "&", ";", "and", "|"))
    if not parted or not all(map(_is_somebody, (last.people, part.people))):
        return False
    whole = parse_people(text[last.start : part.end])
    return whole.score >= CERTAIN and len(whole.names) > 1


def _is_somebody(people: People) -> bool:
    return people.score >= CERTAIN or (len(people.names) == 1 and people.score >= 0.3)


def _across_lines(parts: list[Part], text: str) -> list[Part]:
    """The parts, a list of people that goes on in the next line made one."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if (
            last is not None
            and part.before == "line"
            and last.block is part.block
            and last.people.score >= 0.3
            and part.people.score >= 0.3
            and part.key is None
            and text[last.end - 1 : part.start].strip()[-1:] in (",", "&", ";")
        ):
            whole = text[last.start : part.end]
            last.end, last.text, last.people = part.end, whole.strip(EDGES), parse_people(whole)
        else:
            joined.append(part)
    return joined
