"""Terms of a job: workplace, employment, level, degree, sponsorship, and whether it is closed, from words.

Each function takes the words of one field, of a title,
or of one sentence of a post; what they do not surely say is
None.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.model import Workplace
from corpus.readers.jobs import cues_of_post, names_role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = [
    "citizenship_of", "closed_in", "closed_of", "cues_of_post", "degree_in", "degree_of", "employment_in",
    "employment_of", "flag_of", "level_of", "marks_of", "names_role", "sponsorship_in", "sponsorship_of",
    "term_in", "without_marks", "workplace_in", "workplace_of",
]  # fmt: skip

_READ = 20_000
"""Characters of a post that are read."""
_SENTENCE = re.compile(r"[^.!?;\n•|]{1,400}")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

_YES = frozenset("yes true y 1 available offered provided possible considered ja sí si oui ✓ ✅ ✔".split())
_NO = frozenset("no false n 0 none not never unavailable nein non ✗ ❌ ✘".split())
_NEGATIONS = frozenset(
    "no not cannot can't can’t unable without won't won’t don't don’t doesn't doesn’t isn't isn’t aren't"
    " aren’t never unavailable nor ineligible neither kein keine ohne nicht sin sans".split()
)


def words_of(text: str) -> list[str]:
    """A text's words in small letters; names of keys ("isRemote", "us_citizenship") are taken apart."""
    return [word.lower() for word in _WORD.findall(_CAMEL.sub(" ", text[:_READ]))]


def has_any(text: str, parts: Sequence[str]) -> bool:
    """Whether a text has one of some parts in small letters: far cheaper than a pattern on each of many posts."""
    low = text[:_READ].lower()
    return any(part in low for part in parts)


def flag_of(text: str) -> bool | None:
    """What a field of yes or no says; None if it says something else."""
    said = text.strip().lower().rstrip(".!")
    if said in _YES:
        return True
    return False if said in _NO else None


Phrases = dict[str, list[tuple[str, tuple[str, ...]]]]
"""Meanings and phrases by the phrases' first words, the longest phrases first."""


def _phrases(table: Mapping[str, str]) -> Phrases:
    found: Phrases = {}
    for meaning, phrases in table.items():
        for phrase in phrases.split("|"):
            words = tuple(phrase.split())
            found.setdefault(words[0], []).append((meaning, words))
    return {first: sorted(phrases, key=lambda each: -len(each[1])) for first, phrases in found.items()}


def _meanings(words: Sequence[str], phrases: Phrases) -> Iterator[str]:
    """The meanings of the phrases among words, in order; no word counts twice."""
    at = 0
    while at < len(words):
        for meaning, phrase in phrases.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                at += len(phrase) - 1
                yield meaning
                break
        at += 1


_WORKPLACES = _phrases({
    "hybrid": "hybrid|hybrid remote|partially remote|partly remote|part remote|hybride|híbrido|flexible hybrid",
    "remote": "remote|remotely|fully remote|telecommute|telecommuting|telework|work from home|wfh"
    "|work from anywhere"
    "|work from any where|distributed|home office|homeoffice|virtual|remoto|télétravail|teletrabajo|à distance"
    "|anywhere|worldwide",
    "onsite": "onsite|on site|in office|in person|inoffice|vor ort|presencial|sur site|office based|not remote"
    "|no remote"
    "|non remote|on premises|in house",
    "": "remote sensing|remote control|remote controlled|remote operations|remote monitoring|hybrid cloud"
    "|hybrid vehicle"
    "|hybrid vehicles|hybrid systems|hybrid intelligence|distributed systems|virtual reality|remote work policy"
    "|remote sites",
})  # fmt: skip
_WORKPLACE_PROSE = re.compile(
    r"(?P<remote>\b(?:fully[ -]remote|100% remote|remote[ -](?:position|role|job|opportunity|first|friendly"
    r"|only|ok)"
    r"|work(?:ing)? (?:fully |100% )?(?:remotely|from (?:home|anywhere))|telecommut\w{1,5})\b|[(\[]remote[)\]])"
    r"|(?P<hybrid>\bhybrid (?:position|role|job|work|working|schedule|model|setup|policy|arrangement"
    r"|environment)\b"
    r"|[(\[]hybrid[)\]])"
    r"|(?P<onsite>\b(?:(?:on-?site|in[ -]office|in[ -]person) (?:position|role|job|only|work)|(?:not|no) remote)\b"
    r"|[(\[]on-?site[)\]])",
    re.IGNORECASE,
)


def workplace_of(text: str, label: str = "") -> Workplace | None:
    """How a field says that the job is done: "Remote", "On Site", "hybrid", isRemote "true"."""
    said = flag_of(text)
    if said is not None:
        named = workplace_of(label)
        if named is None or said:
            return named
        return Workplace.ONSITE if named is Workplace.REMOTE else None
    return _workplace(set(_meanings(words_of(text[:400]), _WORKPLACES)))


def workplace_in(prose: str) -> Workplace | None:
    """How a post's own words say that the job is done: "a fully remote position", "(hybrid)"."""
    if not has_any(
        prose, ("remote", "hybrid", "site", "office", "in-person", "in person", "home", "anywhere", "telecommut")
    ):
        return None
    found = {str(each.lastgroup) for each in _WORKPLACE_PROSE.finditer(prose, 0, _READ)}
    return _workplace(found) if len(found) == 1 else None


def _workplace(meanings: set[str]) -> Workplace | None:
    return next(
        (place for place in (Workplace.HYBRID, Workplace.REMOTE, Workplace.ONSITE) if place in meanings), None
    )


_EMPLOYMENTS = _phrases({
    "internship": "intern|interns|internship|internships|coop|co op|praktikum|praktikant|praktikantin|stagiaire"
    "|becario|becaria|prácticas|student internship|trainee",
    "full-time": "full time|fulltime|vollzeit|tiempo completo|temps plein|voltijd|全职|正社員",
    "part-time": "part time|parttime|teilzeit|tiempo parcial|temps partiel|werkstudent|werkstudentin"
    "|working student",
    "contract": "contract|contractor|contractors|freelance|freelancer|consultant contract|contract to hire|c2c"
    "|1099"
    "|freiberuflich",
    "temporary": "temporary|temp|fixed term|befristet|limited term|interim|seasonal",
    "apprenticeship": "apprentice|apprenticeship|ausbildung",
    "volunteer": "volunteer|volunteering|unpaid volunteer",
    "": "unbefristet|contract manager|contract management|contract negotiation|smart contract|smart contracts"
    "|contracts manager|contract specialist|contract administrator",
})  # fmt: skip
_EMPLOYMENT_PROSE = re.compile(
    r"\b(?:job type|employment type|type|position type|contract type|anstellungsart)\s?:\s?([^\n.;|]{2,60})",
    re.IGNORECASE,
)


def employment_of(text: str, label: str = "", *, title: bool = False) -> str | None:
    """The kind of work that a field or a title names; None if it names none, or several of one rank."""
    found = [meaning for meaning in _meanings(words_of(text[:400]), _EMPLOYMENTS) if meaning]
    if title:
        found = [meaning for meaning in found if meaning != "temporary" or "temporary" in text.lower()]
    for first in ("internship", "apprenticeship", "volunteer"):
        if first in found:
            return first
    return found[0] if len(set(found)) == 1 or (found and not title) else None


def employment_in(prose: str) -> str | None:
    """The kind of work that a post's own words name behind a label, or as "full-time position"."""
    if not has_any(prose, ("type", "-time", " time", "anstellung")):
        return None
    if (labelled := _EMPLOYMENT_PROSE.search(prose, 0, _READ)) and (named := employment_of(labelled[1])):
        return named
    found = re.search(
        r"\b(full|part)[ -]time (?:position|role|job|opportunity|employment|employee)",
        prose[:_READ],
        re.IGNORECASE,
    )
    return f"{found[1].lower()}-time" if found else None


_TERM = re.compile(
    r"\b(?:(?:spring|summer|fall|autumn|winter)(?: ?[/&] ?(?:spring|summer|fall|autumn"
    r"|winter))?,? (?:of )?(?:20\d\d|['’]\d\d)(?:[/-]\d\d)?"
    r"|\d{1,2}(?:[ -]to[ -]|[ –-]{1,3})?\d{0,2}[ -]?(?:months?|weeks?|monate|meses|mois)"
    r"|20\d\d (?:spring|summer|fall|autumn|winter))\b",
    re.IGNORECASE,
)


def term_in(text: str) -> str | None:
    """When, or for how long, an internship or a contract is: "Summer 2026", "6 months"."""
    found = _TERM.search(text, 0, 2_000)
    return " ".join(found[0].split()) if found else None


_LEVELS = _phrases({
    "intern": "intern|interns|internship|co op|coop|praktikant|praktikantin|praktikum|stagiaire|becario|trainee",
    "entry": "junior|jr|entry|entry level|new grad|new grads|new graduate|graduate|university graduate"
    "|early career|early in career"
    "|campus|associate level|berufseinsteiger|recent graduate|apprentice|college grad",
    "mid": "mid level|midlevel|intermediate|mid senior|experienced professional",
    "senior": "senior|sr|snr|sénior",
    "staff": "staff|senior staff",
    "principal": "principal|distinguished|senior principal",
    "lead": "lead|tech lead|team lead|teamleiter|teamleiterin|technical lead",
    "manager": "engineering manager|senior manager|sr manager|research manager|group manager|people manager"
    "|general manager"
    "|development manager|data science manager|software manager|manager software|manager engineering|manager data",
    "director": "director|head|senior director|associate director|managing director",
    "executive": "vp|vice president|svp|evp|avp|cto|ceo|cfo|coo|ciso|cpo|cmo|president|chief|c level"
    "|executive level",
    "": "technical staff|staff member|staff nurse|lead generation|lead gen|vice principal|executive assistant"
    "|head start|head hunter"
    "|assistant to the director|assistant principal|principal investigator|graduate student"
    "|graduate research assistant"
    "|chief of staff|graduate school|graduate assistant|business development manager|staff accountant|leads",
})  # fmt: skip
_RANK = ("intern", "executive", "director", "manager", "principal", "staff", "lead", "senior", "mid", "entry")


def level_of(title: str, label: str = "") -> str | None:
    """The level that a title, or a field of levels, names; None if it names none."""
    said = set(_meanings(words_of(title[:300]), _LEVELS))
    return next((level for level in _RANK if level in said), None)


_DEGREES = {
    "bachelor": re.compile(
        r"\b(?:bachelor(?:['’]?s)?|b\.?\s?sc?\.?|b\.?a\.?|b\.?tech|b\.?e\.?|undergrad(?:uate)?|licenciatura)(?!\w)",
        re.IGNORECASE,
    ),
    "master": re.compile(
        r"\b(?:master(?:['’]?s)?(?! (?:plan|data|class))|m\.?\s?sc?\.?|m\.?tech|mba|m\.?eng|maestría)(?!\w)",
        re.IGNORECASE,
    ),
    "phd": re.compile(r"\b(?:ph\.?\s?d\.?|doctora(?:l|te)|dphil|promotion)(?!\w)", re.IGNORECASE),
}


def degree_of(text: str, label: str = "") -> str | None:
    """The least degree that a field asks for: "Bachelor's", "BS/MS", phd_required "Yes"."""
    said = flag_of(text)
    if said is not None:
        return degree_of(" ".join(words_of(label))) if said and label else None
    return next((degree for degree, names in _DEGREES.items() if names.search(text, 0, 300)), None)


_DEGREE_ASKED = re.compile(
    r"\b(?:degree|required|requires?|minimum|must|hold|completed|pursuing|enrolled|students?|qualification)\b",
    re.IGNORECASE,
)
_DEGREE_WISHED = re.compile(
    r"\b(?:prefer|plus|desir|nice to have|advantage|ideal|bonus|optional|or equivalent experience)", re.IGNORECASE
)


def degree_in(prose: str) -> str | None:
    """The least degree that a post's sentences ask for."""
    if not has_any(prose, ("degree", "bachelor", "master", "ph.d", "phd", "doctora", " bs", " ms", "bsc", "msc")):
        return None
    named = set()
    for sentence in _SENTENCE.findall(
        prose[:_READ].replace("Ph.D", "PhD").replace("M.Sc", "MSc").replace("B.Sc", "BSc")
    ):
        if (
            _DEGREE_ASKED.search(sentence)
            and not _DEGREE_WISHED.search(sentence)
            and (found := degree_of(sentence))
        ):
            named.add(found)
    return next((degree for degree in _DEGREES if degree in named), None)


_VISA = re.compile(
    r"\b(?:visas?|h-?1b|immigration|work (?:permit|authori[sz]ation)|work visa|opt|cpt)\b", re.IGNORECASE
)
_OFFERS = re.compile(
    r"\b(?:available|offer(?:s|ed)?|provide[sd]?|yes|will|can|open to|support(?:s|ed)?|eligible|possible"
    r"|we sponsor|able to|happy"
    r"|consider(?:ed)?|considers)\b",
    re.IGNORECASE,
)


def sponsorship_of(text: str, label: str = "") -> bool | None:
    """Whether a field says that a visa is sponsored: "Yes", "cannot sponsor", no_sponsorship "true"."""
    said = flag_of(text)
    if said is not None:
        negated = not _NEGATIONS.isdisjoint(words_of(label))
        return (not said if said else None) if negated else said
    return sponsorship_in(text) if "sponsor" in text.lower() else sponsorship_in(f"visa sponsorship: {text}")


def sponsorship_in(prose: str) -> bool | None:
    """Whether a post's sentences say that a visa is sponsored; None if they say nothing, or both."""
    found: set[bool] = set()
    if not has_any(prose, ("sponsor", "visa")):
        return None
    for sentence in _SENTENCE.findall(prose[:_READ].replace("U.S.", "US")):
        low = sentence.lower()
        if "sponsor" not in low and not ("visa" in low and "support" in low):
            continue
        words = words_of(low)
        if not _NEGATIONS.isdisjoint(words):
            found.add(False)
        elif _VISA.search(sentence) and _OFFERS.search(sentence):
            found.add(True)
    return found.pop() if len(found) == 1 else None


_NATIONS = {
    "US": "us u s usa american united states", "GB": "uk u k british", "CA": "canadian canada",
    "AU": "australian australia",
    "DE": "german deutsche", "FR": "french", "IN": "indian india", "IL": "israeli", "NZ": "zealand",
    "SG": "singapore singaporean",
    "NL": "dutch", "CH": "swiss", "IT": "italian", "ES": "spanish", "JP": "japanese", "CN": "chinese",
    "SE": "swedish",
}  # fmt: skip
_NATION_OF = {
    word: code
    for code, words in _NATIONS.items()
    for word in words.split()
    if word not in {"u", "s", "k", "united", "states"}
}
_CITIZEN = re.compile(r"\b(?:citizen(?:s|ship)?|nationals?|staatsangehörigkeit)\b", re.IGNORECASE)
_NO_CITIZENSHIP = re.compile(
    r"\b(?:regardless|regard to|discriminat\w{1,5}|race|religion|not required|no citizenship|status|permanent"
    r"|green card|lawful"
    r"|refugees?|asylees?|or residents?|eu citizens)\b",
    re.IGNORECASE,
)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")


def citizenship_of(text: str, label: str = "") -> str | None:
    """The country whose citizenship a field, a mark's legend or a sentence asks for."""
    said = flag_of(text)
    if said is not None:
        return citizenship_of(label) if said and label else None
    if not has_any(text, ("citizen", "national", "staatsang")):
        return None
    spaced = text[:_READ].replace("_", " ")
    for sentence in _SENTENCE.findall(_CAMEL.sub(" ", spaced).replace("U.S.", "US").replace("U.K.", "UK")):
        if _CITIZEN.search(sentence) and not _NO_CITIZENSHIP.search(sentence):
            words = words_of(sentence)
            if not _NEGATIONS.isdisjoint(words):
                continue
            if "united" in words and "states" in words:
                return "US"
            if code := next((_NATION_OF[word] for word in words if word in _NATION_OF), None):
                return code
    return None


_CLOSED_WORDS = frozenset(
    "closed close inactive expired filled archived struck ended cancelled canceled unavailable"
    " geschlossen besetzt cerrada cerrado clôturé fermé 已关闭 已结束 🔒 ❌ ⛔ 🚫 🔴 deleted removed"
    " paused withdrawn".split()
)
_OPEN_WORDS = frozenset(
    "open active hiring published live accepting offen abierta abierto ouvert 🟢 ✅ 🔓 reopened available"
    " new".split()
)
_CLOSED_TITLE = re.compile(
    r"[\[(]\s?(?:closed|filled|expired|position (?:closed|filled)|no longer (?:available"
    r"|accepting applications))\s?[\])]"
    r"|^\s?(?:closed|filled|expired)\s?[:–—-]|[–—:-]\s?(?:closed|position filled|filled|expired)\s?$|🔒",
    re.IGNORECASE,
)
_CLOSED_PROSE = re.compile(
    r"\bno longer (?:accepting|taking|available|open|active|recruiting|hiring)"
    r"|\b(?:position|job|posting|vacancy|role|post|opening|listing|call|application (?:window|period|process)"
    r"|search)s?"
    r" (?:is|are|was|has been|have been|has|have) (?:now |already |been |currently )?(?:closed|filled|expired)\b"
    r"|\bapplications? (?:is|are|have|has) (?:now |been |already )?closed\b|\bapplications? closed\b"
    r"|\bhas expired\b"
    r"|\bnot (?:currently )?(?:accepting|taking) (?:new )?applications\b",
    re.IGNORECASE,
)


def closed_of(text: str, label: str = "") -> bool | None:
    """Whether a field of states says closed (True) or open (False): "Closed", "🔒", active "false"."""
    said = flag_of(text)
    if said is not None and label:
        named = closed_of(label)
        return None if named is None else named == said
    if closed_in(text):
        return True
    words = {*words_of(text[:200]), *text[:200].split()}
    if not words.isdisjoint(_CLOSED_WORDS):
        return True
    if not words.isdisjoint(_OPEN_WORDS):
        return not words.isdisjoint(_NEGATIONS)
    return None


def closed_in(prose: str) -> bool:
    """Whether a title or a post's own words say that it is closed."""
    if not has_any(prose, ("no longer", "closed", "filled", "expired", "accepting", "taking", "🔒")):
        return False
    return _CLOSED_TITLE.search(prose, 0, 300) is not None or _CLOSED_PROSE.search(prose, 0, _READ) is not None


_MARK = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|[\U0001f300-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\u231a-\u23ff\ufe0f\u200d\u20e3]"
)
_STATE_OF_TITLE = re.compile(
    r"^\s?(?:closed|filled|expired|new|hot|urgent)\s?[:–—-]\s?|\s?[\[(]\s?(?:closed|filled|expired"
    r"|position (?:closed|filled)|new!?"
    r"|no longer (?:available|accepting applications))\s?[\])]|\s?[–—:-]\s?(?:closed|position filled|filled"
    r"|expired)\s?$",
    re.IGNORECASE,
)


def marks_of(text: str) -> list[str]:
    """The emoji and flags of a text, in order."""
    return [mark for mark in _MARK.findall(text) if mark not in {"\ufe0f", "\u200d", "\u20e3"}]


def without_marks(title: str) -> str:
    """A title without its emoji, strokes ("~~") and remarks on its state."""
    bare = _MARK.sub(" ", title.replace("~~", " ").replace("**", " "))
    return " ".join(_STATE_OF_TITLE.sub(" ", bare).split()).strip(" -–—|·•:,;*_`")
