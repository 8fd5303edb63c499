"""Keys and columns: what one holds, by its name and by what stands in it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, cached_property
from statistics import median
from typing import TYPE_CHECKING

from corpus.places import is_place
from corpus.readers.dates import is_day
from corpus.readers.pay import is_pay
from corpus.readers.people import parse_people
from corpus.readers.terms import names_role
from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class Key(StrEnum):
    """What a column, or the values of a key, can be."""

    TITLE = "title"
    ROLE = "role"
    """The title of a job post, by its name."""
    PAPER = "paper"
    """The title of a paper, by its name."""
    NAME = "name"
    """A name of anything: the title where nothing else is."""
    AUTHORS = "authors"
    SPEAKER = "speaker"
    """Who gives a talk: its authors where it is a paper's."""
    GIVEN = "given"
    FAMILY = "family"
    AFFILIATION = "affiliation"
    VENUE = "venue"
    YEAR = "year"
    TRACK = "track"
    AWARD = "award"
    ABSTRACT = "abstract"
    TEXT = "text"
    LINK = "link"
    PAPER_LINK = "paper link"
    APPLY = "apply"
    DOI = "doi"
    COMPANY = "company"
    TEAM = "team"
    PLACE = "place"
    CITY = "city"
    REGION = "region"
    COUNTRY = "country"
    WORKPLACE = "workplace"
    EMPLOYMENT = "employment"
    TERM = "term"
    LEVEL = "level"
    DEGREE = "degree"
    PAY = "pay"
    PAY_MIN = "pay min"
    PAY_MAX = "pay max"
    CURRENCY = "currency"
    PERIOD = "period"
    SKILLS = "skills"
    DAY = "day"
    POSTED = "posted"
    CLOSES = "closes"
    STATUS = "status"
    SPONSORSHIP = "sponsorship"
    CITIZENSHIP = "citizenship"
    TYPE = "type"
    """What the thing is: schema.org's @type, BibTeX's kind of entry."""
    TIME = "time"
    """A time of day: of a programme."""
    OTHER = "other"
    """Known, and no fact of a paper or post: a number, a picture, a company's page."""


_NAMES: dict[Key, str] = {
    Key.TITLE: "title|headline|display name|titel|titulo|titre|titolo|标题|题目|タイトル|subject",
    Key.ROLE: "job title|position|position title|role|roles|role title|vacancy|opening|posting title|job|job name|stelle|"
    "stellentitel|stellenbezeichnung|stellenangebot|berufsbezeichnung|beruf|puesto|puesto de trabajo|cargo|vacante|"
    "oferta|titulo del puesto|poste|intitule du poste|intitule|vaga|posizione|职位|岗位|职位名称|岗位名称|職種|"
    "internship|program name|job role|profile|positions|openings|designation",
    Key.PAPER: "paper|papers|paper title|paper name|publication|publications|article|beitrag|articulo|titel des beitrags|"
    "titulo del articulo|publikation|publicacion|article title|title of paper|论文|论文标题|论文题目|论文名称|talk title|"
    "presentation title|submission|title authors|paper authors|title and authors|title author|work|论文",
    Key.NAME: "name|nombre|nom|名称|bezeichnung|label",
    Key.AUTHORS: "authors|author|author names|author s|authorships|by|creator|creators|written by|autoren|autor|"
    "autor en|autoren innen|autorinnen|autorinnen und autoren|verfasser|verfasserin|autores|autoras|auteur|auteurs|"
    "autor es|autores as|autori|author list|authors list|"
    "作者|著者|contributors|first author|all authors|author full names",
    Key.SPEAKER: "presenter|presenters|speaker|speakers|presenting author|presented by|vortragende|ponente|ponentes",
    Key.GIVEN: "given|given name|first name|firstname|vorname|first",
    Key.FAMILY: "family|family name|last name|lastname|surname|nachname|last",
    Key.AFFILIATION: "affiliation|affiliations|author affiliation|authors affiliation|authors affiliations",
    Key.VENUE: "venue|conference|conference name|journal|journal name|booktitle|container title|published in|is part of|"
    "konferenz|tagung|zeitschrift|conferencia|congreso|revista|journal ref|journal reference|publication venue|"
    "journaltitle|eventtitle|conference title|journal title|inbook title|proceedings title|proceedings|event|source title|full journal name|会议|期刊|revue|conference journal|"
    "journal conference|publication name|conf|pub",
    Key.YEAR: "year|publication year|pub year|jahr|erscheinungsjahr|ano|ano de publicacion|jahr der veroffentlichung|"
    "published year|annee|年份|年|year published|conference year",
    Key.TRACK: "track|session|topic|topics|section|primary area|area|research area|thema|themen|rubrik|kategorie|sitzung|"
    "schwerpunkt|tema|seccion|categoria|sesion|category|paper type|presentation type|session name|primary category",
    Key.AWARD: "award|awards|prize|auszeichnung|premio",
    Key.ABSTRACT: "abstract|zusammenfassung|kurzfassung|resumen|tldr|tl dr|摘要|resume abstract|abstract note",
    Key.TEXT: "summary|description|job description|details|text|content|body|description plain|beschreibung|"
    "stellenbeschreibung|aufgaben|descripcion|descripcion del puesto|contenido|about the role|article body|notes|note|"
    "comment|comments|requirements|qualifications|responsibilities|main idea|contribution|key points|introduction|"
    "descripcion puesto|content html|content text|overview",
    Key.LINK: "url|link|href|web|website|homepage|same as|adresse|enlace|vinculo|links|site|uri|ref|permalink|lien|"
    "source|html url|absolute url|hosted url|job url|position uri|web url|链接|guid|redirect url|ee|forum|resources|"
    "landing page|canonical url|code|slides|video|github|project|project page|poster|dataset|materials|alternate|"
    "external path|job link|external url|posting url|url link",
    Key.PAPER_LINK: "pdf|pdf url|paper url|paper link|arxiv|arxiv url|arxiv id|pdf link|preprint|openreview|url pdf|"
    "entry id|paper pdf|url abs|pdf href|arxiv link|eprint|paper id url|full text|openreview url|code pdf|paper code",
    Key.APPLY: "apply|apply url|application url|application link|apply link|application|bewerbungslink|"
    "external apply link|apply here|apply now|link to apply|jetzt bewerben|careers apply url|apply uri|apply button|"
    "how to apply|postular|candidature|投递链接|官网投递|投递|application form url|apply online|apply direct|solicitar",
    Key.DOI: "doi",
    Key.COMPANY: "company|employer|organization|organisation|hiring organization|firma|unternehmen|arbeitgeber|companies|"
    "empresa|company name|institution|institut|empleador|organization name|hiring company|startup|university|entreprise|"
    "employeur|azienda|公司|公司名称|企业|单位|会社|会社名|company text|lab|school|host institution|employer name|agency|"
    "hochschule|universitat|business|firm|bank|sponsor company|organisation name|org|company title",
    Key.TEAM: "team|department|departments|group|business unit|division|org unit|abteilung|bereich|fachbereich|"
    "equipo|departamento|employment unit|grupo|department name|departement|部门|team name|faculty|function",
    Key.PLACE: "location|locations|place|job location|work location|office|offices|standort|standorte|ort|arbeitsort|"
    "einsatzort|dienstort|ubicacion|lugar|localidad|lugar de trabajo|sede|lieu|location s|location name|city state|"
    "地点|工作地点|城市|所在地|勤務地|luogo|candidate required location|where|locations text|location text|"
    "office location|duty station|job locations|primary location|position location|locations name|all locations",
    Key.CITY: "city|town|stadt|ciudad|address locality|locality|ville|city name|location city|job city",
    Key.REGION: "region|state|province|bundesland|provincia|address region|state code|province code|job state|"
    "country sub division code|state province|region code",
    Key.COUNTRY: "country|land|pais|address country|country name|country code|pays|国家|job country|location country",
    Key.WORKPLACE: "workplace|workplace type|remote|is remote|work model|work mode|remote option|remote ok|remote type|"
    "telecommuting|work type|working model|workplace policy|remote or onsite|onsite remote|hybrid|on site|teletrabajo|"
    "job location type|work arrangement|remote policy|allow remote|remote friendly|remote work|home office|"
    "remote status|location type|work location option|modality|modalidad|homeoffice|work location type",
    Key.EMPLOYMENT: "employment type|job type|type of employment|employment|commitment|contract type|contract|schedule|"
    "working hours|anstellungsart|vertragsart|arbeitszeit|jornada|tipo de contrato|tipo de empleo|time type|"
    "employment type code|position schedule|job types|beschaftigungsart|employment types|type of contract|"
    "contract time|employment status|type contrat|full part time|position type",
    Key.TERM: "term|terms|season|duration|start|start date|internship term|dauer|duracion|starts|start term|"
    "program length|semester|class year|contract length|starting date|befristung",
    Key.LEVEL: "level|seniority|experience level|seniority level|experience|job level|career level|karrierestufe|"
    "nivel|years of experience|grade",
    Key.DEGREE: "degree|degrees|education|phd required|degree required|education level|qualification|abschluss|"
    "educacion|education requirements|学历|min degree|degree requirement|minimum degree",
    Key.PAY: "salary|pay|compensation|wage|wages|stipend|salary range|pay range|gehalt|vergutung|entgelt|salario|sueldo|"
    "base salary|remuneration|salaire|rate|hourly rate|薪资|工资|salary estimate|compensation tier summary|"
    "estimated salary|position remuneration|pay rate|salary text|base pay|estimated pay|comp|pay input ranges|"
    "annual salary|hourly pay|monthly stipend|funding",
    Key.CURRENCY: "currency|salary currency|currency code|pay currency|compensation currency|currency type",
    Key.PERIOD: "unit text|pay period|salary period|salary interval|rate interval code|salary unit|per|interval|"
    "pay unit|salary frequency|compensation interval|salary type",
    Key.SKILLS: "skills|tags|keywords|technologies|tech stack|stack|technology|required skills|key skills|fahigkeiten|"
    "habilidades|tecnologias|competences|skill|tech|languages|programming languages|schlagworte",
    Key.DAY: "date|published|published on|published at|publication date|date published|datum|fecha|submitted|"
    "issued|veroffentlichungsdatum|erscheinungsdatum|first published|online date|cdate|pub date|"
    "published online|published print|日期|pdate|dates|release date|发布日期|day|tcdate|created|date added|added|"
    "published date|issue date",
    Key.POSTED: "posted|date posted|posted on|posted at|posting date|post date|ausgeschrieben am|eingestellt am|"
    "online seit|veroffentlicht am|fecha de publicacion|publicado|publicado el|publicada el|listed on|open since|"
    "created at|age|released date|posted date|listed|publication start date|opened|date opened|发布时间|open date|"
    "date listed|created at i|posted time|first seen|listing date|days ago|publiziert am|first published at|"
    "time posted|posting age|job posted at|date created|epoch|pub date posted|date open",
    Key.CLOSES: "closes|closing date|deadline|apply by|application deadline|valid through|expires|closing|close date|"
    "expiration date|closes on|bewerbungsfrist|bewerbungsschluss|frist|bewerben bis|einsendeschluss|expires at|due|"
    "fecha limite|plazo|cierre|fecha de cierre|fecha limite de solicitud|plazo de solicitud|application close date|"
    "apply before|due date|date limite|截止日期|expiry date|end date|application closes|job expires|expiry|"
    "deadline to apply|applications close|valid until|closing day",
    Key.STATUS: "status|active|is active|closed|open|is open|is closed|application status|opened closed|"
    "estado|job status|posting status|archived|position status|open closed|filled|hiring status",
    Key.SPONSORSHIP: "sponsorship|visa sponsorship|no sponsorship|sponsors visa|visa|h1b|h 1b|offers sponsorship|"
    "visa sponsor|h1b sponsorship|sponsorship available|visa requirements|h1b sponsored|is h1b sponsored|us visa",
    Key.CITIZENSHIP: "citizenship|us citizenship required|citizenship required|us citizen|requires citizenship|"
    "us citizenship|security clearance|clearance|work authorization|is citizenship required",
    Key.TYPE: "type|entrytype|entry type|item type|kind|publication type",
    Key.TIME: "time|uhrzeit|zeit|hora|heure|slot|start time|end time|时间",
    Key.OTHER: "id|key|number|no|nr|rank|index|logo|image|picture|img|thumbnail|avatar|photo|email|phone|volume|issue|pages|"
    "issn|isbn|publisher|editor|editors|language|license|citations|stars|score|count|slug|legacy id|bibtex|abbr|"
    "series|month|address|latitude|longitude|lat|lng|cover|icon|rating|headquarters|size|founded|industry|sector|"
    "organizers|organisers|organizer|chairs|chair|committee|hosts|host|reviewers|members|mentors|advisors|supervisors|"
    "updated|last updated|updated at|date updated|update date|is visible|context|type of ownership|revenue|competitors|accuracy|params|version|company url|company logo|company website|points",
}  # fmt: skip
"""Names of keys and columns by what they hold: folded, words parted by blanks."""
_KEYS = {name: key for key, names in _NAMES.items() for name in names.split("|")}

_GENERIC = frozenset(
    ["name", "value", "text", "label", "title", "display", "name", "literal", "raw", "full", "name", "rendered", "number", "long", "fullname", "t", "string", "en"]
) | {"display name", "full name", "number long", "@value", "#text", "$t"}  # fmt: skip
"""Names within an object that give the object's own value."""
_LEAST, _MOST = frozenset(["min", "minimum", "least", "low", "lower", "from", "start"]), frozenset(["max", "maximum", "most", "high", "upper", "to", "end"])  # fmt: skip
_MONEY = frozenset(
    [
        "salary",
        "pay",
        "compensation",
        "wage",
        "remuneration",
        "gehalt",
        "salario",
        "base",
        "rate",
        "stipend",
        "range",
        "value",
    ]
)
_PICTURED = frozenset(
    [
        "logo",
        "image",
        "img",
        "picture",
        "thumbnail",
        "avatar",
        "photo",
        "icon",
        "banner",
        "cover",
        "id",
        "ids",
        "slug",
    ]
)
_HOLDERS = frozenset((Key.OTHER, Key.TEXT, Key.NAME))
"""Keys of objects that only hold others."""
_OF_OTHERS = frozenset((Key.COMPANY, Key.TEAM, Key.AUTHORS, Key.VENUE))


@cache
def words_of_key(name: str) -> tuple[str, ...]:
    """The words of a key or head ("datePosted" and "Date_Posted": date, posted)."""
    parted, small = [], False
    for character in name[:80].replace("_", " ").replace("-", " "):
        parted.append(f" {character}" if small and character.isupper() else character)
        small = character.islower()
    return tuple(folded("".join(parted)).split())


@cache
def key_of(name: str) -> tuple[Key | None, bool]:
    """What a key or column holds by its name, and whether the whole name says so.

    Args:
        name: a column's head, or a key with those of the objects around it ("location.city").
    """
    *around, last = name.rsplit(".", 3) if "." in name and " " not in name else [name]
    own = words_of_key(last)
    outers = (_named(words_of_key(each))[0] for each in reversed(around))
    outer = next((key for key in outers if key and key not in _HOLDERS), None)
    if outer is Key.PAY or set(own) & _MONEY:
        within = set(own)
        if within & _LEAST or within & _MOST:
            return (Key.PAY_MIN if within & _LEAST else Key.PAY_MAX), True
    if set(own[-1:]) & _PICTURED:
        return Key.OTHER, True
    key, whole = _named(own)
    if outer is None:
        return key, whole
    if outer is Key.LINK:
        return (Key.LINK if key is Key.LINK else Key.OTHER), True
    if " ".join(own) in _GENERIC and not (outer is Key.AUTHORS and own == ("title",)):
        return outer, True
    if outer in _OF_OTHERS and key not in (Key.GIVEN, Key.FAMILY, Key.AFFILIATION, outer):
        return Key.OTHER, True
    if outer is Key.PLACE and key not in (Key.CITY, Key.REGION, Key.COUNTRY, Key.WORKPLACE):
        return Key.OTHER, True
    return key, whole


def _named(words: tuple[str, ...]) -> tuple[Key | None, bool]:
    if not words:
        return None, False
    if key := _KEYS.get(" ".join(words)):
        return key, True
    if words[-1].endswith("s") and (key := _KEYS.get(" ".join((*words[:-1], words[-1][:-1])))):
        return key, True
    if len(words) > 1 and words[-1] in _GENERIC and (found := _named(words[:-1]))[0]:
        return found
    if words[0] in ("company", "organization", "employer", "author") and len(words) > 1:
        return Key.OTHER, False
    for start in range(1, len(words)):
        if (key := _KEYS.get(" ".join(words[start:]))) and key is not Key.TYPE:
            return key, False
    for end in range(len(words) - 1, 0, -1):
        if (key := _KEYS.get(" ".join(words[:end]))) and key not in (Key.NAME, Key.TYPE, Key.OTHER):
            return key, False
    return None, False


_SPOKEN = {
    "de": "titel autoren jahr ort standort beschreibung zusammenfassung stelle stellenbezeichnung abteilung frist datum "
    "bewerbungsfrist",
    "es": "titulo autores ano lugar ubicacion descripcion resumen puesto departamento fecha limite enlace",
}


def language_of(names: Iterable[str]) -> str | None:
    """The language that names of columns are in; English tells nothing of how days are written there."""
    said = {word for name in names for word in words_of_key(name)}
    return next((language for language, words in _SPOKEN.items() if len(said & set(words.split())) > 1), None)


_SAMPLE = 40
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_PAPER_LINK = re.compile(
    r"arxiv\.org|doi\.org|openreview\.net|aclanthology|aclweb\.org|\.pdf(?:$|[?#])|proceedings|semanticscholar"
    r"|biorxiv|medrxiv|dl\.acm\.org|ieeexplore|papers\.nips|thecvf\.com|pubmed|sciencedirect|springer\.com|ssrn\.com"
)
_POST_LINK = re.compile(
    r"\b(?:jobs?|careers?|positions?|vacanc(?:y|ies)|openings?|apply|stellen\w*|empleo|emploi|requisitions?)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d\s.,:%+/#()~±$€£-]+")
_YEARS = re.compile(r"(?:19|20)\d\d")
_TIMES = re.compile(r"\d{1,2}[:.h]\d\d")
_SENTENCE = re.compile(r"\w{2}[.!?]\s+\w")
_WORD = re.compile(r"[^\W\d_]+")


class Signs:
    """What stands in a column: the shares of its cells that are of a kind, from 0 to 1, each told when it is asked.

    Attributes:
        count: cells with words.
    """

    def __init__(self, cells: Sequence[str], links: Sequence[str] = ()) -> None:
        said = [cell for cell in cells if cell]
        self.count = len(said)
        self._cells = said[:: max(1, len(said) // _SAMPLE)]
        self._links = links

    def _share(self, is_one: Callable[[str], object], longest: int = 300) -> float:
        fit = sum(bool(is_one(cell[:longest])) for cell in self._cells if longest >= 300 or len(cell) < longest)
        return fit / (len(self._cells) or 1)

    @cached_property
    def people(self) -> float:
        """Cells that are nothing but people."""
        return self._share(lambda cell: _people(cell) > 0)

    @cached_property
    def together(self) -> float:
        """Cells that are several people."""
        return self._share(lambda cell: _people(cell) > 1)

    @cached_property
    def role(self) -> float:
        """Cells that name a role."""
        return self._share(names_role)

    @cached_property
    def place(self) -> float:
        """Cells that are places, one a line."""
        return self._share(lambda cell: all(map(is_place, filter(str.strip, cell.split("\n")))), 120)

    @cached_property
    def day(self) -> float:
        """Cells that are days."""
        return self._share(is_day, 40)

    @cached_property
    def pay(self) -> float:
        """Cells that are sums of money."""
        return self._share(is_pay, 80)

    @cached_property
    def number(self) -> float:
        """Cells that are numbers."""
        return self._share(_NUMBER.fullmatch)

    @cached_property
    def year(self) -> float:
        """Cells that are years."""
        return self._share(_YEARS.fullmatch)

    @cached_property
    def time(self) -> float:
        """Cells that are times of day."""
        return self._share(_TIMES.match, 30)

    @cached_property
    def link(self) -> float:
        """Cells that are addresses."""
        return self._share(_LINK.fullmatch)

    def _leading(self, sign: re.Pattern[str]) -> float:
        found = sum(sign.search(link) is not None for link in self._links)
        return min(1.0, found / max(1, min(self.count, len(self._links))))

    @cached_property
    def paper(self) -> float:
        """Cells that lead to a paper."""
        return self._leading(_PAPER_LINK)

    @cached_property
    def post(self) -> float:
        """Cells that lead to a job post."""
        return self._leading(_POST_LINK)

    @cached_property
    def prose(self) -> float:
        """Cells of several sentences."""
        return self._share(_SENTENCE.search)

    @cached_property
    def words(self) -> float:
        """Words of the usual cell."""
        return median([len(_WORD.findall(cell[:300])) for cell in self._cells] or [0])

    @cached_property
    def length(self) -> float:
        """Characters of the usual cell."""
        return median([len(cell) for cell in self._cells] or [0])


def _people(cell: str) -> int:
    read = parse_people(cell)
    return len(read.names) if read.score >= 0.5 else 0
