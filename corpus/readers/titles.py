"""Titles: what is a title's own, and what else stands before it, in it and behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.readers.labels import EDGES, is_link_label, names_place, names_post
from corpus.readers.people import is_house

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.readers.parts import Part


WORKPLACE = re.compile(
    r"^\W*(?:(?:fully |100% )?remote|on-?site|hybrid|in[- ]office|home ?office|anywhere|worldwide)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\s[-–—]\s|[(;|]")
_AT = re.compile(r"\s(?:at|@|bei|chez|en)\s(?=[A-Z0-9])")
_SOUGHT = re.compile(
    r"\b(?:looking for|searching for|seek(?:ing)?|hiring|hire|recruiting)\s(?:an?\s)?"
    r"((?:(?!(?:to|who|that|with|for|in|at|on|from|starting|and|or)\b)[\w’'/-]{1,30}\s?){1,7})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\W*(?:#?\d{1,4}|[A-Z]?\d{1,3}(?:\.\d+)*)\s?[.):\]]+\s+")
_LED = re.compile(r"\W{0,4}([^\s:：]{2,24}(?: [^\s:：]{1,24}){0,3}[ '’-](?:19|20)\d\d)\s?[:：]\s{1,9}(?=\w)")
_LEADS = 0.5
"""Share of the records of a run from which on a venue and year that lead them are none of their titles' words."""


def title_of(part: Part, text: str) -> str:
    """A title without its number, and with the quotes and marks that are its own."""
    words = " ".join(text[part.start : part.end].split())
    if part.key is not None:
        words = part.text
    words = words.strip(" ,;:|·•–—-*_`#>.[") if not words.endswith("...") else words.strip(" ,;:|·•–—-*_`#>[")
    if part.quoted or (words[:1] in '“"„«' and words[-1:] in '”"“»'):
        words = words.strip("“”\"„«»`' ").rstrip(",.")
    words = _NUMBER.sub("", words, count=1)
    if is_link_label(words) or not words:
        words = part.text
    return words


def without_leads(stretches: Sequence[list[Part]], text: str) -> list[tuple[list[Part], str]]:
    """The parts of each record, and the venue and year before its title, where those of most records begin so."""
    found = [_without_lead(parts, text) for parts in stretches]
    led = sum(bool(lead) for _, lead in found)
    return found if led > max(2, _LEADS * len(found)) else [(parts, "") for parts in stretches]


def _without_lead(parts: list[Part], text: str) -> tuple[list[Part], str]:
    """The parts of a record without "KITES 2021:" before its title, and that; "[KITES 2021]" is a part already."""
    first = parts[0]
    if first.key is not None or first.line != parts[-1].line:
        return parts, ""
    if first.bracketed:
        return parts, first.text if first.year and first.words < 6 and parts[1:] else ""
    found = _LED.match(text, first.start, parts[1].end if parts[1:] else first.end)
    if found is None or found.end() >= first.end:
        return parts, found[1] if found else ""
    own = replace(first, start=found.end(), text=text[found.end() : first.end].strip(EDGES), measures=None)
    return [own, *parts[1:]], found[1]


def parted_title(text: str) -> tuple[str, str, list[str]]:
    """A title without the company and the places in it: "Data Engineer at Moss Labs (Porto, Portugal)"."""
    words, company, places = text.strip(EDGES), "", []
    if found := re.search(r"\s*[(\[]([^()\[\]]{2,80})[)\]]$", words):
        inner = found[1].strip()
        if names_place(inner) or WORKPLACE.match(inner):
            places.append(inner)
            words = words[: found.start()].strip(EDGES)
    if (found := _AT.search(words)) and names_post(words[: found.start()]):
        company, words = words[found.end() :].strip(EDGES), words[: found.start()].strip(EDGES)
        company, more = without_place(company)
        places += more
    elif "," in words:
        rest, more = without_place(words)
        if more and names_post(rest):
            words, places = rest, places + more
    return words, company, places


def without_place(text: str) -> tuple[str, list[str]]:
    """Words parted by commas, and the place that the last of them are."""
    fields = [each.strip() for each in text.split(",")]
    for at in range(1, min(len(fields), 6)):
        tail = ", ".join(fields[at:])
        if names_place(tail) or WORKPLACE.match(tail):
            return ", ".join(fields[:at]), [tail]
    return text, []


def role_sought(words: str) -> str | None:
    """The role in "we seek two kiln engineers to join us", as a title: "Two kiln engineers"."""
    found = _SOUGHT.search(words[:300])
    role = found[1].strip(EDGES) if found else ""
    return role[:1].upper() + role[1:] if role and names_post(role) else None


def house_and_place(part: Part) -> tuple[str, str] | None:
    """The house and the place behind a linked role: "Optics Group, Moss University, Porto, Portugal - now"."""
    words = _BREAK.split(part.text, maxsplit=1)[0]
    fields = [each.strip() for each in words.split(",")]
    if not 1 < len(fields) < 7 or not all(each[:1].isupper() and len(each.split()) < 8 for each in fields):
        return None
    rest, places = without_place(words)
    fields = [each.strip() for each in rest.split(",")]
    house = next((each for each in reversed(fields) if is_house(each)), "" if fields[1:] else rest)
    return (house, places[0]) if places and not names_post(rest) else None
