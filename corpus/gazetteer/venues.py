"""Venues and years: "ICML", "icml23", "ICML'23", "2024", and the conferences that the corpus does not have."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from corpus.gazetteer.model import Mention, What, longest
from corpus.gazetteer.vocabulary import words
from corpus.gazetteer.wordlists import word_set
from corpus.model import Kind, Span
from corpus.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpus.gazetteer.vocabulary import Asked
    from corpus.store import StoredEntry

_KNOWN = word_set(
    "AAAI AACL AAMAS ACCV ACL AISTATS ALT ASPLOS ASRU BMVC CAV CHI CHIL CIDR CIKM CoLLAs COLING COLM COLT CoNLL"
    " CoRL CSCW CVPR EACL EAMT ECAI ECCV ECIR ECML EDBT EMNLP FAccT FOCS HPCA HRI ICAPS ICASSP ICCV ICDE ICDM"
    " ICIP ICLR ICME ICML ICRA IJCAI IJCNLP INTERSPEECH IROS ISCA ISMIR ISWC IWSLT JSM KDD LREC MICCAI MICRO"
    " MLSys MobiCom NAACL NDSS NeurIPS NSDI OOPSLA OSDI PAKDD PLDI PODC PODS POPL PVLDB RecSys RSS SDM SIGCOMM"
    " SIGDIAL SIGGRAPH SIGIR SIGMOD SOSP SLT STOC UAI UbiComp UIST USENIX VLDB WACV WSDM WWW"
)
_SAME = {"nips": "neurips"}
_IN_CAPITALS = {"alt", "cav", "chi", "chil", "isca", "micro", "rss", "slt", "www", "hri", "sdm", "jsm"}
"""Those that are words, names or other abbreviations too."""

_GLUED = re.compile(r"([a-z]+)((?:19|20)?\d\d)")
_YEAR = re.compile(r"(?<![\w$€£.,#+-])(?:199\d|20[0-3]\d)(?![\w%]|[.,:]\d)")
_YEAR_BEHIND = re.compile(r"\s?['’`‘]?\s?((?:19|20)?\d\d)(?!\w)")
_IN_PROSE = re.compile(r"(?<!\d)(?:199\d|20[0-3]\d)(?!\d)")


class Venues:
    """Where papers were published."""

    def __init__(self, entries: Iterable[StoredEntry]) -> None:
        self._shown: dict[str, str] = {}
        self._entries: dict[str, set[int]] = defaultdict(set)
        for stored in entries:
            if stored.venue and (name := " ".join(words(stored.venue))):
                name = _SAME.get(name, name)
                self._shown.setdefault(name, stored.venue)
                self._entries[name].add(stored.id)
        for known in _KNOWN:
            self._shown.setdefault(folded(known), known)
        self._longest = max(len(name.split()) for name in self._shown)

    def read(self, asked: Asked) -> list[Mention]:
        """The venues that a question names."""
        found = []
        for start in range(len(asked.tokens)):
            for stop in range(start + 1, min(start + self._longest, len(asked.tokens)) + 1):
                if asked.joined(start, stop) and (name := self._name(asked, start, stop)):
                    entries = frozenset(self._entries.get(name, ()))
                    found.append(Mention(What.VENUE, self._shown[name], asked.span(start, stop), entries, 1.0))
        return longest(found)

    def _name(self, asked: Asked, start: int, stop: int) -> str | None:
        name = " ".join(asked.folded[start:stop])
        if glued := _GLUED.fullmatch(name):
            name = glued[1]
        name = _SAME.get(name, name)
        if name not in self._shown:
            return None
        doubtful = name in _IN_CAPITALS or name in asked.ordinary
        written = asked.tokens[start].text
        return None if doubtful and not (glued or written[:2].isupper()) else name


class Years:
    """When papers were published; and the years that job posts speak of."""

    def __init__(self, entries: Iterable[StoredEntry], texts: Mapping[int, str]) -> None:
        self._entries: dict[int, set[int]] = defaultdict(set)
        self._named: dict[int, set[int]] = defaultdict(set)
        for stored in entries:
            if stored.year:
                self._entries[stored.year].add(stored.id)
            if stored.entry.kind is Kind.JOB:
                for year in _IN_PROSE.findall(texts[stored.id]):
                    self._named[int(year)].add(stored.id)
        self._venues = Venues(())

    def read(self, asked: Asked) -> list[Mention]:
        """The years that a question names, alone or short behind a venue."""
        found = {year.span(): int(year[0]) for year in _YEAR.finditer(asked.text)}
        for token in asked.tokens:
            if (glued := _GLUED.fullmatch(token.folded)) and self._is_year(glued[2]):
                found[token.end - len(glued[2]), token.end] = _full(glued[2])
        for mention in self._venues.read(asked):
            behind = _YEAR_BEHIND.match(asked.text, mention.span.end)
            if behind and self._is_year(behind[1]):
                found[behind.span(1)] = _full(behind[1])
        return [self._mention(year, Span(*span)) for span, year in sorted(found.items())]

    def _is_year(self, digits: str) -> bool:
        return 1990 <= _full(digits) < 2040

    def _mention(self, year: int, span: Span) -> Mention:
        carried = frozenset(self._entries.get(year, ()))
        return Mention(What.YEAR, str(year), span, carried, 1.0, frozenset(self._named.get(year, ())) - carried)


def _full(digits: str) -> int:
    """A year of two or four digits in full."""
    return int(digits) if len(digits) == 4 else int(digits) + (2000 if int(digits) < 40 else 1900)
