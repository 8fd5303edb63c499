"""Job posts: role, team and inner headings, from the words of the post."""

from __future__ import annotations

import re

from corpus.model import Part
from corpus.readers.lines import collapsed, trimmed

OPENING = "Opening"
"""The title of a job post that names no role."""

_READ = 20_000
"""Characters of a post in which role and team are looked for."""

_NOUN = (
    r"(?:Accountant|Administrator|Analyst|Architect|Assistant|Associate|Consultant|Coordinator|Designer|Developer"
    r"|Director|Economist|Editor|Engineer|Fellow|Intern|Lead|Lecturer|Manager|Mathematician|Officer|Physicist|Professor"
    r"|Programmer|Psychologist|Representative|Researcher|Scientist|Specialist|Statistician|Strategist|Technician|Writer)"
)
_CAPITAL = r"[A-Z][\w’'./-]{0,30}"
_ROLE = (
    rf"(?:(?:{_CAPITAL}|\([A-Z]{{2,8}}\)|&|and)\s+){{0,7}}?"
    rf"(?:Member of (?:the )?Technical Staff|{_NOUN}(?:\s+(?:{_NOUN}|[IV]{{1,3}}\b))?)"
)
_FIELD_WORD = r"[A-Z][\w’'/-]{0,30}"
_OF_FIELD = rf"(?:(?<=Manager|irector),\s+{_FIELD_WORD}(?:\s+{_FIELD_WORD}){{0,3}})?"
_PRAISE = (
    r"(?:(?!(?:who|that|to|with|for|in|on|of|at|by|from|will|can|is|are)\b)[a-z][\w-]{0,30}(?:,\s+|\s+)){0,12}?"
)
_WANTED = (
    r"\b(?:seeking|seek|looking for|looking to hire|searching for|in search of|hiring|to hire|recruiting|need)"
    rf"\s+(?:an?|our next|another|one)\s+{_PRAISE}"
)
_SMALL_ROLE = (
    r"(?:(?:senior|junior|principal|lead|staff|research|applied|data|software|machine learning|product|program"
    r"|project|engineering|science|technical|postdoctoral)\s+){0,4}(?:analyst|architect|consultant|designer|developer|director"
    r"|economist|engineer|intern|manager|researcher|scientist|technician)"
)
_ROLES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_WANTED}({_ROLE}{_OF_FIELD})(?!\w)",
        rf"\bAs an?\s+{_PRAISE}({_ROLE})(?=[\s,][^.]{{0,150}}\byou\b)",
        rf"{_WANTED}({_SMALL_ROLE})\b",
        rf"\b[Tt]he\s+({_ROLE})\s+for\s+\w+\s+(?:leads|will|owns|drives)\b",
        rf"(?:^|[.!?]\s+)({_ROLE})s in this (?:role|position)\b",
        rf"\b(?:scaling|growing|building|expanding)\b[^.]{{0,40}}\bteam of\s+{_PRAISE}({_ROLE})s\b",
        rf"\bpositions?\s+(?:available\s+|open\s+)?for\s+((?:(?:{_CAPITAL}|and)\s+){{1,8}}Internships?)\b",
        rf"\b[Jj]oin\b[^.]{{0,80}}\bas\s+an?\s+{_PRAISE}({_ROLE})(?!\w)",
    )
)

_NAME_WORD = r"[A-Z][\w&/’'-]{0,30}"
_NAME = (
    rf"((?!(?:The|Our|This|We|You|As|At|In|Join)\b){_NAME_WORD}"
    rf"(?:\s+(?:(?:and|of|for|in|&)\s+)?{_NAME_WORD}|\s+\([^()]{{2,60}}\)){{0,9}})"
)
_SUBJECT = rf"(?:^|[.!?]\s+)(?:The\s+)?(?=\S+\s+(?!is\b)){_NAME}"
"""A name of two words or more that begins a sentence: one word alone is a company, not its team."""
_SEEKS = r"\s+is\s+(?:seeking|looking|hiring|searching|recruiting)\b"
_TEAMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:on|with|in|of)\s+the\s+{_NAME}\s+team,\s+(?:you|an?)\b",
        rf"{_NAME}\s+team{_SEEKS}",
        rf"{_SUBJECT}{_SEEKS}",
        rf"\b[Jj]oin(?:ing)?\s+(?:the|our)\s+{_NAME}\s+team\b",
        rf"\b(?:within|on|part of|in)\s+(?:the|an?|our)\s+{_NAME}\s+team\b",
        rf"\b(?:[Tt]he|[Oo]ur|an?|\w+[’']s)\s+{_NAME}\s+team\b",
        rf"{_SUBJECT}\s+is\s+an?\s+[^.]{{0,60}}\bteam\b",
        rf"\bthe\s+({_CAPITAL}(?:\s+{_CAPITAL}){{0,3}}\s+(?:Lab|Group))\b",
    )
)
_POSSESSIVE = re.compile(r"^(?:\w+\s+){0,2}?\w+[’']s\s+(?=\S)")

_USUAL = (
    r"(?:Key|Major|Main|Primary|Core|Your)\s+(?:[Jj]ob\s+)?[Rr]esponsibilities|Job [Rr]esponsibilities"
    r"|A [Dd]ay in the [Ll]ife|A(?:bout|BOUT) (?:[Tt]he|[Oo]ur) (?:[Tt]eam|[Rr]ole|[Jj]ob|[Pp]osition|[Cc]ompany)"
    r"|A(?:bout|BOUT) (?:[A-Z]{2,10}|[Uu]s|[Yy]ou)"
    r"|(?:Basic|Minimum|Preferred|Required|Additional) [Qq]ualifications"
    r"|Inclusive [Tt]eam [Cc]ulture|Diverse [Ee]xperiences|Mentorship (?:&|and) [Cc]areer [Gg]rowth"
    r"|Work[/ -][Ll]ife (?:[Bb]alance|[Hh]armony)|Export Control Requirements?|Hybrid [Ww]ork|Why [A-Z]{2,10}\??"
    r"|What [Yy]ou(?:[’']ll| [Ww]ill) (?:[Dd]o|[Bb]ring|[Nn]eed)|What [Ww]e [Oo]ffer|Who [Yy]ou [Aa]re"
)
_HEADING = re.compile(
    rf"(?<!\S)(?P<usual>{_USUAL}):?(?=\s+[^\sa-z]|\s*$)"
    r"|(?<![^\r\n])(?P<alone>Responsibilities|Requirements|Qualifications|Benefits|Nice to [Hh]ave)"
    r":?[ \t]*(?=[\r\n]|\Z)"
    r"|(?<!\S)(?P<listed>[A-Z][\w&/-]{0,30}(?:\s+(?:&|and|of|in|for|[A-Z][\w&/-]{0,30})){0,7}):(?=\s+(?:1[.)]|[•*–-])\s)",
    re.MULTILINE,
)
_CUES = re.compile(
    r"\b(?:role|team|responsibilit|candidate|hiring|seeking|looking for|apply|applicant|position|experience|intern"
    r"|join|qualification|benefits|salary|you will|you[’']ll)",
    re.IGNORECASE,
)


_NAMES_ROLE = re.compile(
    rf"\b{_NOUN}\b"
    r"|\((?:[mwfdxhi]\s?[/|]\s?){1,3}[mwfdxhi]\)"
    r"|\b(?i:\w*(?:entwickler|ingenieur|wissenschaftler|techniker|mechaniker)(?:[:*_/-]?in)?"
    r"|(?:team|projekt|abteilungs|gruppen|labor)leiter(?:[:*_/-]?in)?"
    r"|praktikant(?:[:*_/-]?in)?|werkstudent(?:[:*_/-]?in)?|doktorand(?:[:*_/-]?in)?|sachbearbeiter(?:[:*_/-]?in)?"
    r"|(?:wissenschaftliche[rn]? )?mitarbeiter(?:[:*_/-]?in)?|professur"
    r"|ingenier[oa]|científic[oa]|desarrollador(?:a|/a)?|investigador(?:a|/a)?|programador(?:a|/a)?|becari[oa]"
    r"|gerente|jef[ea] de|profesor(?:a|/a)? titular|técnic[oa] de|diseñador(?:a|/a)?|consultor(?:a|/a)?"
    r"|ingénieure?|développeu(?:r|se)|chercheu(?:r|se)|stagiaire)\b"
)
"""A role in English, or as German, Spanish and French adverts name theirs."""


def cues_of_post(words: str) -> int:
    """How many different words of job posts a text has."""
    return len({cue[0].lower() for cue in _CUES.finditer(words[:_READ])})


def names_role(heading: str) -> bool:
    """Whether a heading names a role: "Office Manager", "Applied Scientist, Search", "Ingenieurin (m/w/d)"."""
    return _NAMES_ROLE.search(heading) is not None


def role_of(words: str) -> str | None:
    """The role that a post names, as it names it; None where no wording surely does."""
    for pattern in _ROLES:
        if found := pattern.search(words, 0, _READ):
            role = collapsed(found[1])
            return role.title() if role.islower() else role
    return None


def team_of(words: str) -> str | None:
    """The team or group that a post is for, as it names it, without the word team; None where none is named."""
    if not any(part in words for part in (" team", " is ", " Lab", " Group")):
        return None
    for pattern in _TEAMS:
        if found := pattern.search(words, 0, _READ):
            return _in_full(_POSSESSIVE.sub("", collapsed(found[1])), words)
    return None


def _in_full(team: str, words: str) -> str:
    """A team given as an acronym alone, with the name that the post spells out before it in brackets."""
    if not team.isupper() or not team.isalpha():
        return team
    spelt = re.search(rf"{_NAME}(?<=\({team}\))\s+team\b", words[:_READ])
    return collapsed(spelt[1]) if spelt else team


def parts_of(text: str, start: int, end: int) -> tuple[Part, ...]:
    """The inner headings of a post at ``text[start:end]`` with the stretch under each; empty ones left out."""
    found = [
        (m.start(), m.end(), m["usual"] or m["alone"] or m["listed"]) for m in _HEADING.finditer(text, start, end)
    ]
    ends = [*(begins for begins, _, _ in found[1:]), end]
    parts = []
    for (_, begins, heading), stops in zip(found, ends, strict=False):
        if span := trimmed(text, begins, stops):
            parts.append(Part(collapsed(heading), span))
    return tuple(parts)
