"""Parts: a block's words, cut where style, lines and punctuation show that something else begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.places import is_place
from corpus.readers.dates import is_day
from corpus.readers.keys import Key, key_of
from corpus.readers.people import CERTAIN, NOBODY, People, parse_people
from corpus.readers.terms import names_role
from corpus.readers.tree import PLAIN, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from corpus.readers.tree import Block, Run, Style


_ROLE_ALSO = re.compile(
    r"\b(?:ph\.?d\.?|doctoral|doctorate|funded|tenure[- ]track)\s(?:\w+\s){0,2}(?:positions?|studentships?|students?|candidates?"
    r"|scholarships?|fellowships?|vacanc(?:y|ies)|places?|researchers?)\b"
    r"|\b(?:master|msc|postgraduate|graduate|undergraduate|student|research|teaching|visiting|faculty)\s(?:\w+\s){0,2}"
    r"(?:positions?|studentships?|scholarships?|fellowships?|assistants?|assistantships?|internships?|vacanc(?:y|ies))\b"
    r"|\bpost-?doc\w*|\b(?:phd|hiwi|internships?|traineeships?|apprenticeships?|studentships?|praktikum|lectureships?"
    r"|professorships?|doktorand\w*|wissenschaftliche\w*|programmer|devops|sre|cto|head of \w+|freelancer|contractor"
    r"|member of (?:the )?(?:\w+ ){0,2}(?:staff|team)|instructor|curator|librarian|nurse|teacher|trainer|technologist|recruiter|evangelist|advocate)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[,;/|()·]| or | and ")
LONGEST_LINE = 4_000
"""Characters of a line that is cut; a longer one stays whole: it is prose."""
EDGES = " \t\r\n.,;:|·•–—-*_\"“”„‟«»'‘’`´#>"
"""What stands around words without being part of them."""

_SEPARATOR = re.compile(
    r"(?P<dot>[.。](?=\s|$))|(?P<ask>[?!](?=\s))|(?P<colon>[:：](?=\s|$))|(?P<dash>\s[-–—]{1,3}\s)"
    r"|(?P<bar>\s?[|│·•¦]\s?|\s//?\s)|(?P<by>\sby\s)|(?P<comma>,\s)"
)
_CUTS = re.compile(r"[.?!:：。][\s\"”)]|[:(\[【（“„«\"`|│·•¦]|\s[-–—/]|\sby\s")
_QUOTE = re.compile(
    r"“[^“”]{3,300}”|„[^„“”]{3,300}[“”]|«[^«»]{3,300}»|(?<!\w)\"[^\"]{3,300}\"(?!\w)|``[^`']{3,300}''"
)
_BRACKET = re.compile(r"[(\[【（][^()\[\]【】（）]{1,120}[)\]】）]")
_GOES_ON = re.compile(r"\s*(?:[,;&]|and\b)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){0,3}[^\W\d_]")
_COMMA_FIELD = re.compile(r"[^,\s][^,]*(?:,(?=\S)[^,]*)*")
_DATED_FIELD = re.compile(r"(?:in:? )?(?:[A-Z][A-Za-z]*[A-Z]{2}[A-Za-z]*|arXiv\S*|(?:19|20)\d\d)\b", re.IGNORECASE)
_DATED = re.compile(
    r"^\W*(?:\d{1,2}[:.h]\d\d|\d{4}-\d\d|\d{1,4}$|session|poster|talk|paper|oral|\w{3,9}day\b)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\w.])(?:19[5-9]\d|20[0-4]\d)(?!\w|\.\d)")
_ABBREVIATED = frozenset(
    [
        "vs",
        "etc",
        "dr",
        "prof",
        "fig",
        "no",
        "vol",
        "st",
        "jr",
        "sr",
        "mr",
        "mrs",
        "ms",
        "pp",
        "ed",
        "eds",
        "e.g",
        "i.e",
        "cf",
        "al",
        "approx",
        "dept",
        "univ",
        "proc",
        "intl",
        "conf",
        "trans",
    ]
)
_TAG = re.compile(
    r"(?:best|outstanding|honou?rable|runner|award|oral|spotlight|poster|talk|demo|long|short|full|paper|invited"
    r"|contributed|accepted|workshop|extended|abstract|findings|main|track|remote|virtual|survey|preprint|draft|new"
    r"|in press|under review|to appear|arxiv|closed|open)\b",
    re.IGNORECASE,
)
_LINK_WORDS = frozenset(
    [
        "pdf",
        "paper",
        "papers",
        "preprint",
        "arxiv",
        "abs",
        "abstract",
        "html",
        "code",
        "github",
        "implementation",
        "repo",
        "repository",
        "slides",
        "video",
        "videos",
        "talk",
        "poster",
        "project",
        "page",
        "website",
        "web",
        "homepage",
        "site",
        "link",
        "links",
        "url",
        "doi",
        "bib",
        "bibtex",
        "cite",
        "citation",
        "supplement",
        "supplementary",
        "supp",
        "appendix",
        "material",
        "materials",
        "data",
        "dataset",
        "demo",
        "blog",
        "post",
        "openreview",
        "proceedings",
        "publisher",
        "acm",
        "ieee",
        "springer",
        "acl",
        "anthology",
        "hal",
        "eprint",
        "full",
        "text",
        "version",
        "download",
        "read",
        "more",
        "online",
        "colab",
        "model",
        "models",
        "weights",
        "tweet",
        "twitter",
        "review",
        "reviews",
        "recording",
        "youtube",
        "media",
        "press",
        "summary",
        "notes",
        "details",
        "info",
        "here",
        "tex",
        "source",
        "pytorch",
        "tensorflow",
        "keras",
        "jax",
        "torch",
        "caffe",
        "matlab",
        "official",
        "unofficial",
        "author",
        "project-page",
        "webpage",
        "apply",
        "now",
        "learn",
        "view",
        "job",
        "ppt",
        "pptx",
        "ps",
        "file",
        "dl",
        "论文",
        "代码",
        "项目",
        "主页",
        "notebook",
        "thread",
        "discussion",
        "forum",
        "software",
        "tool",
    ]
)
"""Words that links beside a title are labelled with."""
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_LABEL = re.compile(r"[^\w(\[]{0,8}([^\W\d_][^:：\n|()\[\]]{1,38}?)\s?[:：](?=\s|$|[^\s/\d])")
_SHORTCODES = re.compile(r"(?::?\w{2,30}:\s*){1,20}:?")


@dataclass(eq=False)
class Part:
    """A stretch of a record that is of one make.

    Attributes:
        start, end: characters of the stored text.
        text: its words, without what stands around them.
        style: how it is set: of its first words.
        block: the block that it stands in.
        line: the number of its line in the record; ``order``: its own among those of the record.
        before: what parts it from the one before: "line", "style", or the name of a mark ("dot", "dash", "bracket").
        quoted: whether it stands in quotes; ``bracketed``: in brackets.
        key: what a label before it says that it is; ``label``: that label.
        people: the names in it.
        links: those in a labelled line, by their words.
        within: how many characters its line has.
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
    links: list[tuple[str, str]] = field(default_factory=list)
    measures: dict[str, float] = field(default_factory=dict)
    within: int = 0

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return len(_WORD.findall(self.text[:600]))

    @cached_property
    def is_link_label(self) -> bool:
        """Whether it is what a button beside a title says: "pdf", "[code]", a picture."""
        return "img" in self.style.marks or is_link_label(self.text)

    @cached_property
    def year(self) -> int | None:
        """A year in it."""
        found = _YEAR.search(self.text)
        return int(found[0]) if found else None

    @cached_property
    def is_place(self) -> bool:
        """Whether it is nothing but places."""
        if len(self.text) > 80 or self.words > 9 or self.is_link_label or self.year or len(self.people.names) > 3:
            return False
        return names_place(self.text)

    @cached_property
    def is_day(self) -> bool:
        """Whether it is nothing but a day."""
        return len(self.text) < 41 and is_day(self.text)

    @cached_property
    def names_post(self) -> bool:
        """Whether it names a job."""
        return names_post(self.text)

    def memo(self, name: str, measure: Callable[[Part], float]) -> float:
        """What a measure gives for it; taken once."""
        known = self.measures.get(name)
        if known is None:
            known = self.measures[name] = measure(self)
        return known


@lru_cache(maxsize=16_384)
def names_post(words: str) -> bool:
    """Whether words name a job: "Data Engineer", "PhD position in optics"."""
    if names_role(words) or _ROLE_ALSO.search(words):
        return True
    return words[:1].isupper() and len(words) < 80 and names_role(words.title())


@lru_cache(maxsize=16_384)
def names_place(words: str) -> bool:
    """Whether words are nothing but places: each of them, parted by commas and the like, is one."""
    fields = [each.strip() for each in _FIELD.split(words) if each.strip()]
    return (
        0 < len(fields) < 12
        and is_place(words)
        and all((len(each) < 40 and is_place(each)) or each.isupper() for each in fields)
    )


def is_link_label(text: str) -> bool:
    """Whether words are what a button beside a title says: "pdf", "project page", "arXiv:2301.1234", an address."""
    if len(text) > 60:
        return "://" in text and " " not in text.strip()
    low = text.lower().strip(EDGES + "[](){}")
    if low.startswith(("http://", "https://", "www.", "arxiv:", "doi:", "10.")) and " " not in low:
        return True
    words = re.findall(r"[^\W\d_]+", low)
    return not words or (len(words) <= 4 and all(word in _LINK_WORDS for word in words))


@dataclass(slots=True)
class _Piece:
    start: int
    end: int
    style: Style
    before: str
    quoted: bool = False
    bracketed: bool = False


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
    """The blocks with words in it, in page order; those whose ids are in ``without``, and what they hold, left out."""
    waiting = [block]
    while waiting:
        each = waiting.pop()
        if without and id(each) in without:
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
    chunks = _chunks(runs, text)
    pieces = chunks if leaf.role is Role.HEADING else [piece for chunk in chunks for piece in _cut(chunk, text)]
    return _parts(pieces, text, leaf, line)


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


def _chunks(runs: list[tuple[int, int, Style]], text: str) -> list[_Piece]:
    """Runs of one face made one."""
    chunks: list[_Piece] = []
    for start, end, style in runs:
        last = chunks[-1] if chunks else None
        if last and _joins(last, start, end, style, text):
            last.end = end
        else:
            chunks.append(_Piece(start, end, style, "style" if chunks else "line"))
    return chunks


def _joins(last: _Piece, start: int, end: int, style: Style, text: str) -> bool:
    if "img" in (*style.marks, *last.style.marks):
        return False
    if style.href or last.style.href:
        return style.href == last.style.href and bool(style.href)
    if not any(map(str.isalnum, text[start:end])) or (style.small and end - start < 8):
        return not text[start:end].strip(" *†‡§¶,.;:") or start == last.end
    if style.bold != last.style.bold or style.struck != last.style.struck or style.marks != last.style.marks:
        return False
    if style.italic == last.style.italic:
        return True
    # A few slanted words within a title, not behind its end.
    slanted = text[start:end] if style.italic else text[last.start : last.end]
    mid = text[last.end - 1].isalnum() and (text[start].isalnum() or text[start] in "-–")
    return mid and len(slanted.split()) <= 3 and not parse_people(slanted).score >= CERTAIN


def _cut(chunk: _Piece, text: str) -> list[_Piece]:
    """Cut a chunk at quotes, brackets and punctuation."""
    pieces: list[_Piece] = []
    at, before = chunk.start, chunk.before
    for quote in _QUOTE.finditer(text, chunk.start, chunk.end):
        if len(quote[0].split()) < 2 and quote.end() - quote.start() < 0.5 * (chunk.end - chunk.start):
            continue
        if _is_within(text, chunk.start, quote, chunk.end):
            continue
        pieces += _cut_brackets(_Piece(at, quote.start(), chunk.style, before), text)
        pieces.append(_Piece(quote.start(), quote.end(), chunk.style, "quote", quoted=True))
        at, before = quote.end(), "quote"
    return pieces + _cut_brackets(_Piece(at, chunk.end, chunk.style, before), text)


def _is_within(text: str, start: int, quote: re.Match[str], end: int) -> bool:
    """Whether a quote is a part of a longer title: words go on beside it without a mark."""
    before, behind = text[start : quote.start()].strip(), text[quote.end() : end].strip()
    if quote[0][-2:-1] in ",." or before[-1:] in (",", ".", ":", ";", ")"):
        return False
    goes_on = behind[:1].isalnum() and not parse_people(behind.split(".")[0]).score >= CERTAIN
    return goes_on and (not before or not parse_people(before).score >= CERTAIN)


def _cut_brackets(chunk: _Piece, text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    at, before = chunk.start, chunk.before
    for found in _BRACKET.finditer(text, chunk.start, chunk.end):
        if not _stands_apart(text, chunk.start, found, chunk.end):
            continue
        pieces += _cut_marks(_Piece(at, found.start(), chunk.style, before), text)
        pieces.append(_Piece(found.start(), found.end(), chunk.style, "bracket", bracketed=True))
        at, before = found.end(), "bracket"
    return pieces + _cut_marks(_Piece(at, chunk.end, chunk.style, before), text)


def _stands_apart(text: str, start: int, found: re.Match[str], end: int) -> bool:
    """Whether words in brackets are no part of the title or the names that they stand in."""
    inner, before, behind = (
        found[0][1:-1].strip(),
        text[start : found.start()].strip(EDGES),
        text[found.end() : end],
    )
    if not before or len(inner.split()) > 6:
        return not before
    if _YEAR.search(inner):
        return True
    if _GOES_ON.match(behind) or behind.strip()[:1].isalnum():
        return False
    short = inner.isupper() and len(inner) < 9 and not _is_short_for(inner, before)
    return short or _TAG.match(inner) is not None or is_link_label(inner)


def _is_short_for(letters: str, words: str) -> bool:
    """Whether letters are the initials of the words before them."""
    initials = "".join(word[0] for word in re.split(r"[\s-]+", words) if word[:1].isalpha())
    return len(letters) > 2 and initials.upper().endswith(letters[:4])


def _cut_marks(chunk: _Piece, text: str) -> list[_Piece]:
    """Cut at full stops and the like, then join again what no telling part stands beside."""
    if not text[chunk.start : chunk.end].strip(EDGES):
        return []
    pieces: list[_Piece] = []
    at, before = chunk.start, chunk.before
    within = [found.span() for found in _BRACKET.finditer(text, chunk.start, chunk.end)]
    for mark in _SEPARATOR.finditer(text, chunk.start, chunk.end):
        kind = str(mark.lastgroup)
        while within and within[0][1] <= mark.start():
            within.pop(0)
        if within and within[0][0] < mark.start():
            continue
        if kind == "comma" or (kind == "dot" and not _ends_sentence(text, chunk.start, mark.start(), chunk.end)):
            continue
        end = mark.end() if kind in ("ask", "dot") else mark.start()
        if text[at:end].strip(EDGES):
            pieces.append(_Piece(at, end, chunk.style, before))
        at, before = mark.end(), kind
    if text[at : chunk.end].strip(EDGES):
        pieces.append(_Piece(at, chunk.end, chunk.style, before))
    return [part for piece in _rejoined(pieces, text) for part in _cut_commas(piece, text)]


def _cut_commas(piece: _Piece, text: str) -> list[_Piece]:
    """Cut "Ada Moss, Ben Ray, Kites in the wind, WIND 2021" before and behind the title."""
    if piece.style.href or not 40 < piece.end - piece.start < 300 or text.count(", ", piece.start, piece.end) < 2:
        return [piece]
    fields = [(found.start(), found.end()) for found in _COMMA_FIELD.finditer(text, piece.start, piece.end)]
    names = [_is_name(text[start:end]) for start, end in fields]
    odd = [text[start:end] for (start, end), name in zip(fields, names, strict=True) if not name]
    if sum(names) < 2 or not any(len(words.split()) > 2 and not parse_people(words).names for words in odd):
        return [piece]
    if parse_people(text[piece.start : piece.end].strip()).score >= CERTAIN:
        return [piece]
    first = next((i for i, name in enumerate(names) if not name), 0)
    last = next((i for i in range(len(names), 0, -1) if not names[i - 1]), len(names))
    cuts = {first} if first > 1 else set()
    if first > 1:  # people, title, where it came out
        cuts |= {i for i in range(first + 1, len(fields)) if _DATED_FIELD.match(text[fields[i][0] : fields[i][1]])}
    elif len(names) - last > 1:
        cuts = {last}  # title, people
    starts = [0, *sorted(cut for cut in cuts if 0 < cut < len(fields))]
    stops = [*starts[1:], len(fields)]
    return [
        _Piece(fields[a][0], fields[b - 1][1], piece.style, "comma" if a else piece.before, piece.quoted)
        for a, b in zip(starts, stops, strict=True)
    ]


def _is_name(field: str) -> bool:
    words = field.strip().removeprefix("and ")
    return 1 < len(words.split()) < 5 and parse_people(words).score >= 0.25


def _ends_sentence(text: str, start: int, dot: int, end: int) -> bool:
    """Whether a full stop ends something: it does not behind an initial or a shortened word."""
    begin = max(start, dot - 12)
    words = text[begin:dot].replace(",", " ").replace("(", " ").split()
    word = words[-1] if words else ""
    if text[dot - 1 : dot] == ".":
        return False
    if word.lower() in _ABBREVIATED or not word:
        return word.lower() == "al"
    if not _INITIALS.fullmatch(word):
        return True
    if not word[0].isupper():
        return True
    # Behind an initial: the end of a list "Moss A, Ray B." if no further name follows.
    follows = text[dot + 1 : min(end, dot + 60)].strip()
    ahead = re.match(r"(?:[^\s,;.]+\s?){1,3}(?:[,;.]|$|(?=\b(?:and|&)\b))", follows)
    field = re.split(r"[,;]\s|\sand\s", text[start:dot])[-1].split()
    turned = len(field) == 1 or (len(field) == 2 and len(word) <= 2)
    return bool(follows) and turned and not ahead and len(text[start:dot].split()) > 1


def _rejoined(pieces: list[_Piece], text: str) -> list[_Piece]:
    joined: list[_Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and piece.before in ("colon", "ask", "by", "dash") and not _parted(last, piece, text):
            last.end = piece.end
        else:
            joined.append(piece)
    return joined


def _parted(last: _Piece, piece: _Piece, text: str) -> bool:
    """Whether a colon, a dash or the like stands between two things, not within one."""
    words, behind = text[last.start : last.end].strip(EDGES + "?!"), text[piece.start : piece.end].strip(EDGES)
    left, right = parse_people(words), parse_people(behind)
    if piece.style.href or piece.style.bold:  # what is set off is mostly one title
        return piece.before in ("by", "dash") and right.score >= 0.8 and len(right.names) > 1
    if right.score >= CERTAIN and (len(right.names) > 1 or right.shortened or piece.before != "colon"):
        return True
    if left.score >= CERTAIN and (len(left.names) > 1 or left.shortened or "." in left.names[0]):
        return True
    if piece.before != "dash":
        return False
    return (
        names_post(words)
        or names_post(behind)
        or (len(behind) < 60 and names_place(behind))
        or bool(_DATED.match(words))
    )


def _parts(pieces: list[_Piece], text: str, leaf: Block, line: int) -> list[Part]:
    parts: list[Part] = []
    for piece in pieces:
        words = text[piece.start : piece.end]
        bare = words.strip(EDGES + ("()[]【】（）" if piece.bracketed else "")).rstrip("[(").rstrip(EDGES)
        if not any(map(str.isalnum, bare)) or _SHORTCODES.fullmatch(words.strip()):
            continue
        people = NOBODY if piece.bracketed else _people_in(bare, words)
        part = Part(
            piece.start, piece.end, bare, piece.style, leaf, line, 0, piece.before, piece.quoted, piece.bracketed
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
    gap = text[last.end : part.start] if part.before == "style" else ","
    edge = (text[max(last.start, last.end - 5) : last.end] + gap + text[part.start : part.start + 5]).lower()
    if part.before == "style" and not (
        "," in edge or " and " in edge or "&" in edge or ";" in edge or not gap.strip()
    ):
        return False
    if not all(
        each.score >= CERTAIN or (len(each.names) == 1 and each.score >= 0.3)
        for each in (last.people, part.people)
    ):
        return False
    if part.before == "style" and "," not in edge and ";" not in edge and "and" not in edge and "&" not in edge:
        return False
    whole = parse_people(text[last.start : part.end])
    return whole.score >= CERTAIN and len(whole.names) > 1


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
