"""Labels: names that stand in a fact as they are: companies, skills, tracks, awards, and terms of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.english import STOP, is_everyday, word_set
from corpus.gazetteer.mentions import Mention, What, longest
from corpus.gazetteer.postings import WORDS, List
from corpus.gazetteer.tokens import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.gazetteer.mentions import Ids
    from corpus.gazetteer.postings import Gathered
    from corpus.gazetteer.scope import Seen
    from corpus.gazetteer.tokens import Asked
    from corpus.store import StoredEntry


_LEGAL = word_set("inc llc ltd limited gmbh ag sa sarl bv corp corporation co company plc lp llp nv ab oy srl")
"""Forms of companies, which nobody says."""
_LONGEST = 8
"""Words of a label that is looked for."""
_BEGUN = 0.9
"""How surely the beginning of a company's name means it."""
_FEW = 3
"""Companies whose names begin alike, up to which one is meant by that."""
_LED_BY = {
    What.COMPANY: word_set("at by for with from joining does did is has of work works worked join about inside"),
    What.SKILL: word_set("in with using use uses know knows require requires requiring need needs"),
    What.TRACK: word_set("at in the for track of"),
    What.AWARD: word_set("the a an won win"),
    What.TERM: word_set("in for during the of"),
}
"""Words that lead up to a label that is an everyday word, too."""
_FOLLOWED_BY = {
    What.COMPANY: word_set("have has job jobs hiring internship internships opening openings role roles hire hires"
                           " pay pays post posts position positions offer offers"),
    What.SKILL: word_set("job jobs developer developers engineer engineers programmer role roles internship"
                         " internships skills experience position positions"),
    What.TRACK: word_set("track paper papers"),
    What.AWARD: word_set("award awards paper papers prize"),
    What.TERM: word_set("internship internships term semester job jobs"),
}  # fmt: skip


def labels_of(stored: StoredEntry) -> Iterator[tuple[What, str]]:
    """The labels of an entry, by what they are."""
    entry, job = stored.entry, stored.entry.job
    if entry.track:
        yield What.TRACK, entry.track
    if entry.award:
        yield What.AWARD, entry.award
    if job:
        if job.company:
            yield What.COMPANY, job.company
        if job.term:
            yield What.TERM, job.term
        yield from ((What.SKILL, skill) for skill in job.skills)


def gather(stored: StoredEntry, text: str, into: Gathered) -> None:
    """Gather the labels of an entry: by their words, and each by its first word."""
    for what, label in labels_of(stored):
        if said := _words(what, label):
            key = f"{what}\t{' '.join(said)}"
            into.add(List.LABEL, key, stored.id)
            into.show(List.LABEL, key, " ".join(label.split()))
            into.add(List.LABEL_BEGUN, f"{what}\t{said[0]}\t{' '.join(said)}", stored.id)


class Labels:
    """The labels of one sort."""

    def __init__(self, seen: Seen, what: What) -> None:
        self._seen = seen
        self._what = what

    def read(self, asked: Asked) -> list[Mention]:
        """The labels that a question names."""
        found: list[Mention] = []
        for start, word in enumerate(asked.folded):
            begun = self._seen.keys_from(List.LABEL_BEGUN, f"{self._what}\t{word}\t", _LONGEST**2)
            if not begun:
                continue
            labels = dict(begun)
            for stop in range(start + 1, min(len(asked.tokens), start + _LONGEST) + 1):
                if not asked.joined(start, stop):
                    break
                said = " ".join(asked.folded[start:stop])
                name = said if said in labels else self._begun(said, labels)
                if name and self._meant(asked, start, stop):
                    sure = 1.0 if name == said else _BEGUN
                    found.append(self._mention(asked, start, stop, name, labels[name], sure))
        return longest(found)

    def _begun(self, said: str, labels: dict[str, Ids]) -> str | None:
        """The one company whose name begins with some words, where few begin alike."""
        if self._what is not What.COMPANY:
            return None
        names = [name for name in labels if name.startswith(f"{said} ")]
        return names[0] if len(names) == 1 and len(labels) <= _FEW else None

    def _mention(self, asked: Asked, start: int, stop: int, said: str, ids: Ids, exactness: float) -> Mention:
        name = self._seen.shown(List.LABEL, f"{self._what}\t{said}")
        return Mention(self._what, name, asked.span(start, stop), ids, exactness)

    def _meant(self, asked: Asked, start: int, stop: int) -> bool:
        """Whether words that may be everyday ones are the label here: by case, or by what stands beside them."""
        said = asked.folded[start:stop]
        if all(word in STOP for word in said):
            return asked.capital(start) and start > 0 and asked.before(start, *_LED_BY[self._what])
        if not all(is_everyday(word) for word in said) or stop - start > 1:
            return True
        short = len(said[0]) <= 2
        capital = asked.capital(start) and (start > 0 or asked.alone(start, stop))
        followed = stop < len(asked.tokens) and asked.folded[stop] in _FOLLOWED_BY[self._what]
        led = asked.before(start, *_LED_BY[self._what])
        beside = followed or led or asked.alone(start, stop)
        return capital and beside if short else capital or beside


def _words(what: What, label: str) -> list[str]:
    said = words(label)[:WORDS]
    while what is What.COMPANY and len(said) > 1 and said[-1] in _LEGAL:
        said.pop()
    return said
