"""Venues and years: "ICML", "icml23", "ICML'23", "2024", and the conferences that the corpus does not have."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.english import is_everyday
from corpus.gazetteer.mentions import Mention, What, longest
from corpus.gazetteer.postings import WORDS, List
from corpus.gazetteer.tokens import STOP, stem, word_set, words
from corpus.model import Kind, Span
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from corpus.gazetteer.mentions import Ids
    from corpus.gazetteer.postings import Gathered
    from corpus.gazetteer.scope import Seen
    from corpus.gazetteer.tokens import Asked
    from corpus.store import StoredEntry


_KNOWN = word_set(
    "AAAI AACL AAMAS ACCV ACL AISTATS ALT ASPLOS ASRU BMVC CAV CHI CHIL CIDR CIKM CoLLAs COLING COLM COLT CoNLL"
    " CoRL CSCW CVPR EACL EAMT ECAI ECCV ECIR ECML EDBT EMNLP FAccT FOCS HPCA HRI ICAPS ICASSP ICCV ICDE ICDM"
    " ICIP ICLR ICME ICML ICRA IJCAI IJCNLP INTERSPEECH IROS ISCA ISMIR ISWC IWSLT JSM KDD LREC MICCAI MICRO"
    " MLSys MobiCom NAACL NDSS NeurIPS NSDI OOPSLA OSDI PAKDD PLDI PODC PODS POPL PVLDB RecSys RSS SDM SIGCOMM"
    " SIGDIAL SIGGRAPH SIGIR SIGMOD SOSP SLT STOC UAI UbiComp UIST USENIX VLDB WACV WSDM WWW"
)
_SHOWN = {folded(known): known for known in _KNOWN}
_SAME = {"nips": "neurips"}
_IN_CAPITALS = {"alt", "cav", "chi", "chil", "isca", "micro", "rss", "slt", "www", "hri", "sdm", "jsm"}
"""Those that are words, names or other abbreviations too."""

_MEETINGS = word_set("conference workshop journal symposium transactions proceedings letters")
"""Words that make a venue of everyday words."""

_GLUED = re.compile(r"([a-z]+)((?:19|20)?\d\d)")
_YEAR = re.compile(r"(?<![\w$€£.,#+-])(?:199\d|20[0-3]\d)(?![\w%]|[.,:]\d)")
_YEAR_BEHIND = re.compile(r"\s?['’`‘]?\s?((?:19|20)?\d\d)(?!\w)")
_IN_PROSE = re.compile(r"(?<!\d)(?:199\d|20[0-3]\d)(?!\d)")


_LONGEST = 16
"""Words of a venue's name beyond which it is not looked for."""


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather where and when a paper was published, and the years that a job post speaks of.

    A venue stands under its name, and one of several words under the first and a space, too.
    """
    if stored.venue and (name := " ".join(words(stored.venue))):
        name = _SAME.get(name, name)
        into.add(List.VENUE, name, stored.id)
        into.show(List.VENUE, name, stored.venue)
        first, several, _ = name.partition(" ")
        if several:
            into.add(List.VENUE, f"{first} ", stored.id)
    if stored.year:
        into.add(List.YEAR, str(stored.year), stored.id)
    if stored.entry.kind is Kind.JOB:
        for year in set(_IN_PROSE.findall(text)):
            into.add(List.YEAR_SAID, year, stored.id)


class Venues:
    """Where papers were published."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def read(self, asked: Asked) -> list[Mention]:
        """The venues that a question names."""
        found = []
        for start, stop in self._stretches(asked):
            if name := _venue(asked, start, stop, self._is_known):
                entries = self._seen.ids(List.VENUE, name)
                shown = self._seen.shown(List.VENUE, name) if entries else _SHOWN[name]
                found.append(Mention(What.VENUE, shown, asked.span(start, stop), entries, 1.0))
        return longest(found)

    def _is_known(self, name: str) -> bool:
        return name in _SHOWN or bool(self._seen.ids(List.VENUE, name))

    def _stretches(self, asked: Asked) -> Iterator[tuple[int, int]]:
        """Words that may be a venue's name: each, and behind one that begins some name several."""
        for start, word in enumerate(asked.folded):
            yield start, start + 1
            if self._seen.ids(List.VENUE, f"{word} "):
                for stop in range(start + 2, min(start + _LONGEST, len(asked.tokens)) + 1):
                    if asked.joined(start, stop):
                        yield start, stop


def _venue(asked: Asked, start: int, stop: int, known: Callable[[str], bool]) -> str | None:
    """The known venue that words name."""
    name = " ".join(asked.folded[start:stop])
    if glued := _GLUED.fullmatch(name):
        name = glued[1]
    name = _SAME.get(name, name)
    if not known(name):
        return None
    words_of_it = asked.folded[start:stop]
    everyday = asked.plain(start, stop) or all(map(is_everyday, words_of_it))
    if not (name in _IN_CAPITALS or everyday) or not _MEETINGS.isdisjoint(words_of_it):
        return name
    journal = stop < len(asked.tokens) and asked.folded[stop] in _MEETINGS
    led = asked.before(start, "in", "at", "from", "by", "journal") and asked.capital(start)
    capitals = stop == start + 1 and asked.tokens[start].text[:2].isupper()
    return name if glued or capitals or journal or led else None


class Years:
    """When papers were published; and the years that job posts speak of."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def read(self, asked: Asked) -> list[Mention]:
        """The years that a question names, alone or short behind a venue."""
        found = {year.span(): int(year[0]) for year in _YEAR.finditer(asked.text)}
        for at, token in enumerate(asked.tokens):
            glued = _GLUED.fullmatch(token.folded)
            venue = glued and (glued[1] in _SHOWN or self._seen.ids(List.VENUE, glued[1]))
            if glued and venue and self._is_year(glued[2]):
                found[token.end - len(glued[2]), token.end] = _full(glued[2])
            behind = _YEAR_BEHIND.match(asked.text, token.end)
            if behind and self._is_year(behind[1]) and _venue(asked, at, at + 1, _SHOWN.__contains__):
                found[behind.span(1)] = _full(behind[1])
        return [self._mention(year, Span(*span)) for span, year in sorted(found.items())]

    def _is_year(self, digits: str) -> bool:
        return 1990 <= _full(digits) < 2040

    def _mention(self, year: int, span: Span) -> Mention:
        carried, said = (self._seen.ids(which, str(year)) for which in (List.YEAR, List.YEAR_SAID))
        return Mention(What.YEAR, str(year), span, carried, 1.0, said - carried)


def _full(digits: str) -> int:
    """A year of two or four digits in full."""
    return int(digits) if len(digits) == 4 else int(digits) + (2000 if int(digits) < 40 else 1900)


_GENRE = {
    "guide", "roundup", "newsletter", "report", "overview", "recap", "bulletin", "survey", "review", "tutorial",
}  # fmt: skip
"""Words for a page that name it where its title has them."""
_ABBREVIATED = {"ml": ("machine", "learning"), "ai": ("artificial", "intelligence")}

_PAGES = _GENRE | {"page", "digest", "issue", "edition", "article", "post", "blog", "list"}
_SUBJECT = 0.75
"""How surely a page is meant by words of its title, where nothing speaks of a page."""

_REMEMBERED = 1024
_FEW = 40
"""Titles that a telling word may stand in, where there are ten times as many or more."""


def gather_digests(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather the title of an entry's document, by its words, and the words that speak of the entry otherwise."""
    title = _words(stored.digest)
    joined = " ".join(title)
    into.add(List.DIGEST, joined, stored.id)
    into.show(List.DIGEST, joined, stored.digest)
    for word in {*title[:WORDS]} - STOP:  # "Openings" is what a page holds, and no name
        if len(word) > 3 and not word.isdigit():
            into.add(List.DIGEST_WORD, f"{word}\t{joined}", stored.id)
    for word in _words(f"{stored.venue or ''} {stored.year or ''} {' '.join(stored.entry.headings)}"):
        into.add(List.DIGEST_FOREIGN, word, stored.id)


class Digests:
    """The documents' titles."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def read(self, asked: Asked) -> list[Mention]:
        """The documents that a question names."""
        said, positions = _spelt_out(asked.folded)
        found = []
        for at, word in enumerate(said):
            for joined, entries in self._titles(word):
                title = joined.split(" ")
                start, stop = _run(said, at, title)
                if stop - start > 1 or word in _GENRE or word not in asked.ordinary:
                    span = asked.span(positions[start], positions[stop - 1] + 1)
                    whole = stop - start == len(title) > 1
                    exactness = min(1.0, 0.7 + 0.1 * (stop - start))
                    named = any(each not in asked.ordinary for each in said[start:stop])
                    if not (whole or named or _of_a_page(said, start, stop)):  # its subject is no name
                        exactness = min(exactness, _SUBJECT)
                    name = self._seen.shown(List.DIGEST, joined)
                    found.append(Mention(What.DIGEST, name, span, entries, round(exactness, 2)))
        return longest(found)

    def _titles(self, word: str) -> Sequence[tuple[str, Ids]]:
        """The titles that a word tells, with their entries; none where too many have it."""
        titles = self._seen.keys_from(List.DIGEST_WORD, f"{word}\t", 2 * _FEW)
        if not titles or len(titles) > _FEW or self._seen.ids(List.DIGEST_FOREIGN, word):
            return ()
        if len(titles) > 1:
            known = len(self._seen.keys_from(List.DIGEST, "", 10 * _FEW))
            if len(titles) == known or len(titles) > max(2, known // 10):
                return ()
        return titles


@lru_cache(_REMEMBERED)
def _words(text: str) -> tuple[str, ...]:
    """The words of a title or of headings, which many entries share."""
    return tuple(words(text))


def _spelt_out(said: Sequence[str]) -> tuple[list[str], list[int]]:
    """Words with common abbreviations in full, and for each the position that it comes from."""
    full = [(part, at) for at, word in enumerate(said) for part in _ABBREVIATED.get(word, (word,))]
    return [part for part, _ in full], [at for _, at in full]


def _run(said: Sequence[str], at: int, title: Sequence[str]) -> tuple[int, int]:
    """The longest run of a title's words, in its order, that goes through a word of the question."""
    place = title.index(said[at])
    start = stop = 0
    while at - start > 0 and place - start > 0 and _same(said[at - start - 1], title[place - start - 1]):
        start += 1
    while at + stop + 1 < len(said) and place + stop + 1 < len(title) and _same(
        said[at + stop + 1], title[place + stop + 1]
    ):  # fmt: skip
        stop += 1
    return at - start, at + stop + 1


def _of_a_page(said: Sequence[str], start: int, stop: int) -> bool:
    """Whether the words of a title, or those beside them, speak of a page: "the tides newsletter"."""
    return not _PAGES.isdisjoint(said[max(0, start - 3) : stop + 2])


def _same(one: str, other: str) -> bool:
    return stem(one) == stem(other)
