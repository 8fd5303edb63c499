"""Selecting: which entries a question may be answered from, and in what order they are shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.understanding import cues
from bot.understanding.periods import Sort
from corpus.errors import NotFoundError
from corpus.gazetteer import NO_IDS, Ids, What
from corpus.model import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.facts import Facts
    from bot.understanding.reading import Reading
    from corpus.gazetteer import Gazetteer
    from corpus.store import Filter
    from embeddings.search import Hit

_ARTICLE, _FIGURE_UNASKED = 0.95, 0.80
"""What scores are multiplied with: people ask for papers and jobs more than for the prose around them."""


def carriers_of(names: Gazetteer, what: What, name: str) -> Ids:
    """The entries that carry a name, as it is written or with slips.

    Raises:
        NotFoundError: none does.
    """
    found = names.catalogue.entries(what, name)
    if not found:
        read = [mention for mention in names.read(name) if mention.what in (what, What.YEAR)]
        spans = [mention.span for mention in read]
        unread = [w for w in re.finditer(r"\w+", name) if not any(s.start <= w.start() < s.end for s in spans)]
        if any(mention.what is what for mention in read) and not unread:
            found = Ids.intersection(*(mention.entries for mention in read))
    if not found:
        raise NotFoundError(f"The digest has no {what} “{' '.join(name.split())[:100]}”.")
    return found


def within_latest(reading: Reading, names: Gazetteer, allowed: Filter) -> Filter:
    """The filter, held to the latest document where that is what is asked about."""
    if allowed.documents is not None or reading.period is None or reading.period.sort is not Sort.LATEST_DIGEST:
        return allowed
    entries = next((mention.entries for mention in reading.named(What.PERIOD)), NO_IDS)
    latest = names.cards.stored(entries.min()) if entries else None
    return replace(allowed, documents=frozenset({latest.document} if latest else ()))


def visible_to(allowed: Filter, names: Gazetteer) -> Ids:
    """The entries whose kind and document are asked for; all names are of the asker's scope."""
    visible = names.cards.ids
    if allowed.kinds is not None:
        visible &= NO_IDS.union(*map(names.cards.of_kind, allowed.kinds))
    if allowed.documents is not None:
        visible &= names.of_documents(allowed.documents)
    return visible if allowed.entries is None else visible & Ids(allowed.entries)


def weights(reading: Reading) -> dict[Kind, float]:
    """Weigh the kinds of entries: a caption goes behind what it illustrates, unless a figure is asked for."""
    figure = 1.0 if cues.FIGURE.search(reading.question) else _FIGURE_UNASKED
    return {Kind.ARTICLE: _ARTICLE, Kind.FIGURE: figure}


def one_of_each(hits: Sequence[Hit], names: Gazetteer) -> list[Hit]:
    """The hits without those whose kin comes before them."""
    found: dict[int, Hit] = {}
    families = names.cards.families_of(hit.passage.entry for hit in hits)
    for hit in hits:
        entry = hit.passage.entry
        found.setdefault(families.get(entry, -entry), hit)
    return list(found.values())


def ordered(reading: Reading, facts: Facts, hits: list[Hit]) -> list[Hit]:
    """A list in the page's order where nothing but its facts was asked for, and only of what was asked for."""
    if not reading.is_list or not facts.all:
        return hits
    place = facts.listed.places_of(hit.passage.entry for hit in hits)
    selected = [hit for hit in hits if hit.passage.entry in place]
    if not reading.rest:
        selected.sort(key=lambda hit: place[hit.passage.entry])
    if not reading.named(What.TOPIC):
        return selected
    # A heading is one page's word: behind what stands under it comes what is near, where all else holds.
    others: dict[What, Ids] = {}
    for mention in reading.selecting:
        if mention.what is not What.TOPIC:
            others[mention.what] = others.get(mention.what, NO_IDS) | mention.entries
    return selected + [
        hit
        for hit in hits
        if hit.passage.entry not in place
        and hit.passage.kind is facts.all[0].kind
        and all(hit.passage.entry in carriers for carriers in others.values())
    ]
