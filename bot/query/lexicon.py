"""The words by which a question shows what it wants: kinds, facts, comparisons, orders. English, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.english import word_set
from corpus.gazetteer import What

if TYPE_CHECKING:
    from collections.abc import Mapping

PAPERS = word_set(
    "paper papers publication publications article articles preprint preprints manuscript manuscripts"
)
JOBS = word_set(
    "job jobs opening openings position positions vacancy vacancies role roles post posts posting postings hiring"
    " career careers opportunity opportunities recruiting internship internships intern interns traineeship"
    " traineeships gig gigs placement placements"
)
OF_PAPERS = PAPERS | word_set("author authors coauthor coauthors publish published publishes publishing")
"""Words that show that papers are meant, without asking for them."""
OF_JOBS = JOBS | word_set(
    "hire hires hired employ employer employers employs recruit recruits salary salaries apply applicants"
    " candidate candidates qualifications team teams engineer engineers scientist scientists manager managers"
    " economist economists job work employed employment"
)
FIGURES = word_set(
    "figure figures picture pictures image images illustrate illustrates illustrated illustration illustrations"
    " illustrating diagram diagrams caption captions chart charts drawing drawings"
)
PLURALS = word_set(
    "papers publications articles preprints jobs openings positions vacancies roles posts postings internships"
    " interns opportunities works work authors anything everything stuff something hiring open list all every"
)
"""Words by which more than one entry is asked for."""

GROUPS: Mapping[str, What] = {
    **dict.fromkeys(("company", "companies", "employer", "employers", "firm", "firms"), What.COMPANY),
    **dict.fromkeys(("team", "teams"), What.TEAM),
    **dict.fromkeys(
        ("topic", "topics", "section", "sections", "theme", "themes", "category", "categories", "heading",
         "headings"), What.TOPIC,
    ),
    **dict.fromkeys(("author", "authors", "researcher", "researchers", "people"), What.AUTHOR),
    **dict.fromkeys(("venue", "venues", "conference", "conferences", "journal", "journals"), What.VENUE),
    **dict.fromkeys(("year", "years"), What.YEAR),
    **dict.fromkeys(("country", "countries"), What.CITIZENSHIP),
    **dict.fromkeys(("place", "places", "location", "locations", "city", "cities"), What.PLACE),
    **dict.fromkeys(("skill", "skills", "language", "languages"), What.SKILL),
    **dict.fromkeys(("track", "tracks"), What.TRACK),
    **dict.fromkeys(("digest", "digests", "guide", "guides", "page", "pages", "newsletter"), What.DIGEST),
    **dict.fromkeys(("level", "levels", "seniority"), What.LEVEL),
}  # fmt: skip
"""Nouns by which entries are grouped and counted; a country stands under CITIZENSHIP, as no place's name does."""

GROUP_NOUNS: Mapping[What, tuple[str, str]] = {
    What.COMPANY: ("company", "companies"),
    What.TEAM: ("team", "teams"),
    What.TOPIC: ("topic", "topics"),
    What.AUTHOR: ("author", "authors"),
    What.VENUE: ("venue", "venues"),
    What.YEAR: ("year", "years"),
    What.CITIZENSHIP: ("country", "countries"),
    What.PLACE: ("place", "places"),
    What.SKILL: ("skill", "skills"),
    What.TRACK: ("track", "tracks"),
    What.DIGEST: ("page", "pages"),
    What.LEVEL: ("level", "levels"),
}

FACTS: Mapping[str, tuple[What, str]] = {
    **dict.fromkeys(
        ("remote", "remotely", "wfh", "home office", "work from home", "working from home", "from home",
         "telecommute", "telework"), (What.WORKPLACE, "remote"),
    ),
    "hybrid": (What.WORKPLACE, "hybrid"),
    **dict.fromkeys(("onsite", "on site", "in office", "in person"), (What.WORKPLACE, "onsite")),
    **dict.fromkeys(
        ("internship", "internships", "intern", "interns", "interning"), (What.EMPLOYMENT, "internship")
    ),
    **dict.fromkeys(("full time", "fulltime"), (What.EMPLOYMENT, "full-time")),
    **dict.fromkeys(("part time", "parttime"), (What.EMPLOYMENT, "part-time")),
    **dict.fromkeys(
        ("contract", "contractor", "contractors", "freelance", "freelancer"), (What.EMPLOYMENT, "contract")
    ),
    **dict.fromkeys(("temporary", "temp"), (What.EMPLOYMENT, "temporary")),
    **dict.fromkeys(
        ("apprenticeship", "apprenticeships", "apprentice"), (What.EMPLOYMENT, "apprenticeship")
    ),
    **dict.fromkeys(("volunteer", "volunteering"), (What.EMPLOYMENT, "volunteer")),
    **dict.fromkeys(("senior", "sr"), (What.LEVEL, "senior")),
    **dict.fromkeys(
        ("entry level", "junior", "jr", "new grad", "new grads", "early career"), (What.LEVEL, "entry")
    ),
    **dict.fromkeys(("mid level", "midlevel"), (What.LEVEL, "mid")),
    "staff": (What.LEVEL, "staff"),
    "principal": (What.LEVEL, "principal"),
    "lead": (What.LEVEL, "lead"),
    **dict.fromkeys(("director", "directors"), (What.LEVEL, "director")),
    **dict.fromkeys(("phd", "ph d", "doctoral", "doctorate"), (What.DEGREE, "phd")),
    **dict.fromkeys(("master", "masters", "msc", "master degree", "masters degree"), (What.DEGREE, "master")),
    **dict.fromkeys(("bachelor", "bachelors", "bsc", "undergraduate degree"), (What.DEGREE, "bachelor")),
    **dict.fromkeys(
        ("sponsorship", "visa sponsorship", "sponsor visas", "sponsor a visa", "sponsors visas", "visa",
         "sponsor visa", "visas", "sponsor"), (What.SPONSORSHIP, "yes"),
    ),
    **dict.fromkeys(("citizenship", "citizen", "citizens"), (What.CITIZENSHIP, "yes")),
    **dict.fromkeys(
        ("closed", "expired", "no longer open", "no longer available", "not open", "not available"),
        (What.STATUS, "closed"),
    ),
    **dict.fromkeys(
        ("with code", "code available", "open source code", "have code", "has code"), (What.CODE, "yes")
    ),
    **dict.fromkeys(
        ("award winning", "won an award", "best paper", "won a prize", "got an award", "awarded"),
        (What.AWARD, "yes"),
    ),
}  # fmt: skip
"""What is told of an entry by one of a few words, by the words that ask for it, parted by blanks."""

BEFORE_WORK = word_set(
    "engineer engineers scientist scientists developer developers researcher researchers role roles job jobs"
    " position positions level software data machine product research applied opening openings post posts"
)
"""Words before which "staff", "lead" and their like are a level."""
DOUBTFUL = word_set("staff principal lead director directors sponsor master masters contract temp visa citizen")
"""Words of facts that are much else, too: they count beside a word of work alone."""

MORE: Mapping[str, str] = {
    "more than": ">", "over": ">", "above": ">", "greater than": ">", "higher than": ">", "exceeding": ">",
    "at least": ">=", "minimum": ">=", "no less than": ">=", "not less than": ">=", "from": ">=",
    "less than": "<", "fewer than": "<", "under": "<", "below": "<", "lower than": "<",
    "at most": "<=", "maximum": "<=", "up to": "<=", "no more than": "<=", "not more than": "<=",
    "exactly": "=", "just": "=", "only": "=",
}  # fmt: skip
"""What stands before a number, and how it compares."""
BEHIND: Mapping[str, str] = {"or more": ">=", "and up": ">=", "or fewer": "<=", "or less": "<=", "and more": ">="}
PAY_WORDS = word_set(
    "pay pays paying paid salary salaries earn earns wage wages compensation stipend make makes offering"
)
PER: Mapping[str, str] = {
    "hour": "hour", "hourly": "hour", "hr": "hour", "h": "hour", "day": "day", "daily": "day", "week": "week",
    "weekly": "week", "month": "month", "monthly": "month", "year": "year", "yearly": "year", "annually": "year",
    "annual": "year", "annum": "year", "yr": "year",
}  # fmt: skip
CURRENCIES: Mapping[str, str] = {
    "$": "USD", "€": "EUR", "£": "GBP", "usd": "USD", "eur": "EUR", "gbp": "GBP", "euro": "EUR", "euros": "EUR",
    "dollars": "USD", "pounds": "GBP", "chf": "CHF", "cad": "CAD",
}  # fmt: skip

NOT = word_set(
    "not no non without except excluding exclude besides neither nor never isnt arent dont doesnt outside minus"
)
NOT_PHRASES = ("other than", "apart from", "rather than", "instead of", "anything but", "all but")
UNDO = word_set("n t")
"""What tokens are left of "don't" and its like."""

MOST: Mapping[str, int] = {
    "most": -1, "highest": -1, "largest": -1, "biggest": -1, "maximum": -1, "longest": -1, "best": -1, "top": -1,
    "fewest": 1, "least": 1, "lowest": 1, "smallest": 1, "shortest": 1,
}  # fmt: skip
"""Superlatives, with the sign of their order: -1 puts the greatest first."""
OLDEST = word_set("oldest earliest")

ORDINARY_CUES = word_set(
    "more fewer less most both either compare compared comparison versus vs difference than each which"
)
TELLING = word_set("tell about describe explain define definition meaning means mean introduce know")
OPERATION_WORDS = (
    ORDINARY_CUES
    | TELLING
    | OLDEST
    | frozenset(MOST)
    | word_set(
        "latest newest recent new number count many total sum average per group grouped together joint jointly"
        " show find give search need looking offer offers offered offering require requires required requiring"
        " based located location live move available currently right still complete full overview hold holds"
        " contain contains containing include includes included including appear appears appeared pick picked"
        " open related regarding living"
        " concerning deal deals dealing anyone ever co behind create created creates invented propose proposed"
        " develop developed introduced kinds kind sort sorts type types"
    )
)
"""Words that are carried out by an operation or only ask: they name nothing that an entry has to say."""

SMALL_TALK = (
    ("thanks", "thank", "thx", "ty", "cheers"),
    ("bye", "goodbye", "see you", "see ya"),
    ("who are you", "what are you", "are you a bot", "are you real", "are you there", "your name",
     "how do you work", "how does this work", "what do you do", "what do you know", "what can you do",
     "what can i ask", "what can i ask you", "what all can you do", "help", "help me"),
    ("how are you", "how are you doing", "how is it going", "whats up", "sup"),
    ("stupid", "idiot", "dumb", "useless", "shut up", "you suck", "bad bot", "crap", "fuck you", "fuck"),
    ("hi", "hiya", "hello", "hey", "yo", "greetings", "welcome", "sorry", "lol", "haha", "nice", "good morning",
     "good afternoon", "good evening", "good night", "good day", "good bot"),
)  # fmt: skip
"""What people say that asks for nothing in a corpus, in the order in which it is looked for."""
POLITE = word_set(
    "a an the that this it was is and so very really much all everyone everybody folks guys there again for your"
    " you bot good great awesome cool helpful perfect lovely please today me i what how are do s to of"
)
