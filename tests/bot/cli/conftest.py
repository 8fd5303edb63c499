"""What the command-line tests share: running a command in process, and a double of the assistant."""

import logging
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

import pytest
import structlog

import bot.assistant
from bot.answer import Answer, Citation, Occurrence, Surroundings
from bot.answering.explain import Explanation, Recognised, Scored, Weighed
from bot.changes import News
from bot.cli import main
from bot.sources.ingest import Outcome
from bot.status import Status
from corpus.errors import NotFoundError, QuestionError
from corpus.model import Entry, JobFacts, Kind, Pay, Place, Span, Workplace
from corpus.store.records import StoredDocument, StoredEntry


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """No settings of the machine's own, and logging as it was afterwards."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("DIGESTBOT_", "DISCORD_"))]:
        monkeypatch.delenv(name)
    for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DIGESTBOT_DATA_DIR", str(tmp_path / "data"))
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@dataclass
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def digestbot(capsys, monkeypatch):
    """Runs a command in process, in a pipe unless ``columns`` makes it a coloured terminal that wide."""

    def run(*arguments, columns=None):
        with monkeypatch.context() as patch:
            if columns:
                patch.setenv("FORCE_COLOR", "1")
                patch.setenv("COLUMNS", str(columns))
                patch.setenv("TERM", "xterm-256color")
            code = main([str(argument) for argument in arguments])
        seen = capsys.readouterr()
        return Ran(code, seen.out, seen.err)

    return run


def citation(**facts):
    given = {
        "rank": 1, "kind": Kind.PAPER, "title": "On counting sheep", "authors": ("Ada One", "Bo Two"),
        "section": "Sleep", "location": None, "team": None, "document": "000_guide", "digest": "A guide to SLEEP",
        "venue": "SLEEP", "year": 2031, "url": None,
        "excerpt": "Sheep are counted one by one.\nThe “last” one   sleeps.", "start": 10, "end": 64,
        "best": Span(0, 29),
        "entry_id": 1, "entry_start": 0, "entry_end": 70, "also_in": (), "score": 0.91234,
    }  # fmt: skip
    return Citation(**(given | facts))


ANSWER = Answer(
    question="who counts sheep?",
    answered=True,
    confidence=0.87654,
    summary="1 paper under Sleep at SLEEP 2031",
    citations=(
        citation(also_in=(Occurrence("003_later", 5, 59),)),
        citation(
            rank=2, kind=Kind.JOB, title="Shepherd", authors=(), section=None, location="NZ, Otago, Dunedin",
            team="Flocks", venue=None, year=None, excerpt="Counts sheep at night.",
            start=100, end=122,
        ),
    ),
    took_ms=12.34,
)  # fmt: skip
EXPLANATION = Explanation(
    answer=ANSWER,
    searched="who counts sheep at SLEEP?",
    intent="who",
    kind="paper",
    recognised=(Recognised("venue", "SLEEP", "sleep", 0.9, 1),),
    found=(Scored(1, 1, "paper", "On counting sheep", "000_guide", 0.7, 0.65, 0.4, 0.25, 0.91234),),
    weighed=(Weighed("cosine", 0.7, 2.1), Weighed("margin", 0.1, -0.3)),
    threshold=0.37,
    refusal=None,
)
NO_ANSWER = Answer(
    question="what of goats?",
    answered=False,
    confidence=0.1,
    summary="Nothing on that. The corpus holds 1 paper.",
    citations=(),
    nearest=(citation(),),
)


def document(name="000_guide", title="A guide to SLEEP", **facts):
    given = {
        "deck": None, "venue": "SLEEP", "year": 2031, "publisher": "Dream House", "url": None, "source": "g.txt",
        "scope": None, "bundled": True, "characters": 70, "ingested_at": datetime(2031, 5, 1, tzinfo=UTC),
        "published": None, "first_seen": datetime(2031, 5, 1, tzinfo=UTC), "gone": None, "unplaced": (),
        "counts": {Kind.PAPER: 2, Kind.JOB: 1},
    }  # fmt: skip
    return StoredDocument(id=name, title=title, **(given | facts))


def stored(number, key, entry, name="000_guide", digest="A guide to SLEEP", venue="SLEEP", year=2031):
    return StoredEntry(number, key, name, digest, venue, year, None, datetime(2031, 5, 1, tzinfo=UTC), entry)


SPAN = Span(0, 5)
SHEEP = Entry(Kind.PAPER, "On counting sheep", SPAN, "Sleep", ("Sleep",), ("Ada One", "Bo Two"))
GOATS = Entry(Kind.PAPER, "Goats, awake", SPAN, "Waking", ("Waking",), ("José Núñez",))
DUNEDIN = Place("NZ, Otago, Dunedin", "NZ", "OTA", "Dunedin")
SHEPHERD = Entry(
    Kind.JOB, "Shepherd", SPAN, place=DUNEDIN, team="Flocks", posted=date(2031, 4, 30),
    job=JobFacts(
        company="Fold", places=(DUNEDIN,), workplace=Workplace.HYBRID, remote_in=("AU",), employment="part-time",
        term="6 months", level="senior", pay=Pay(30.0, 40.0, "NZD", "hour"), skills=("dogs",), sponsorship=False,
    ),
)  # fmt: skip
TURIN = Entry(Kind.JOB, "Opening", SPAN, place=Place("IT, Turin", "IT", None, "Turin"))
BOSTON = Entry(
    Kind.JOB,
    "Dreamer",
    SPAN,
    place=Place("US, MA, Boston", "US", "MA", "Boston"),
    team="Naps",
    job=JobFacts(closed=True),
)


@dataclass
class AssistantDouble:
    """Has the assistant's methods and answers what it was given; notes what it was asked."""

    answer: Answer | Exception = ANSWER
    outcomes: list[Outcome] = field(default_factory=list)
    status_shown: Status | None = None
    asked: list = field(default_factory=list)
    calls: list = field(default_factory=list)
    opened_with: dict = field(default_factory=dict)
    warm: Event = field(default_factory=Event)
    known: dict = field(default_factory=dict)
    explanation: Explanation = EXPLANATION
    explained: list = field(default_factory=list)
    opened: list = field(default_factory=list)
    is_empty: bool = True
    is_ready: bool = False
    sources: None = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.calls.append("close")

    def ensure_corpus(self, listener=None):
        self.calls.append("ensure_corpus")

    def ask(self, question, *, history=(), kind=None, digest=None, scope=None, top=5, gone=False):
        self.asked.append(
            {"question": question, "history": list(history), "kind": kind, "digest": digest, "top": top}
        )
        if gone:
            self.calls.append("gone")
        if question == "🐑":
            raise QuestionError("there are no words in the question")
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    def explain(self, question, *, history=(), kind=None, digest=None):
        self.explained.append((question, list(history)))
        return self.explanation

    def surroundings(self, entry_id, start, end):
        self.opened.append((entry_id, start, end))
        around = "All day.\nCounts sheep at night.\nAll year."
        return Surroundings("Shepherd", "A guide to SLEEP", around, Span(9, 31))

    def names(self, what, typed, *, most):
        return [name for name in self.known.get(what, []) if name.lower().startswith(typed.lower())][:most]

    def text(self, document_id, start=0, end=None):
        return "Sheep are counted one by one."[start:end]

    def ingest(self, sources=(), *, prune=False, listener=None):
        self.calls.append(("ingest", list(sources), prune))
        listener.started(len(self.outcomes))
        for outcome in self.outcomes:
            listener.embedding(outcome.embedded, outcome.embedded)
            listener.finished(outcome)
        return self.outcomes

    def warm_up(self):
        self.warm.set()

    def remove(self, document_id):
        if document_id != "000_guide":
            raise NotFoundError(f"no document {document_id!r}")
        self.calls.append(("remove", document_id))

    def remove_bundled(self):
        self.calls.append("remove_bundled")
        return ["000_guide", "003_later"]

    def digests(self, scope=None, *, gone=False):
        later = document("003_later", "Later on sleep", venue=None, year=2032, publisher=None, counts={})
        left = document("001_left", "A page that left", gone=datetime(2031, 6, 2, tzinfo=UTC), counts={})
        return [document(), *([left] if gone else []), later]

    def entries(self, *, kind=None, digest=None, scope=None, gone=False):
        every = [
            stored(1, "sheep", SHEEP), stored(2, "goats", GOATS), stored(3, "shepherd", SHEPHERD),
            stored(4, "boston", BOSTON),
            stored(5, "sheep", SHEEP, "003_later", "Later on sleep", None, 2032),
            stored(6, "turin", TURIN, "003_later", "Later on sleep", None, 2032),
        ]  # fmt: skip
        return [each for each in every if kind in (None, each.entry.kind)]

    def today(self):
        return date(2031, 5, 8)

    def news(self, since, *, kind=None, scope=None):
        self.calls.append(("news", since, kind))
        left = document("001_left", "A page that left", gone=datetime(2031, 5, 6, tzinfo=UTC))
        came = document()
        return [
            News("gone", left.gone, left, ()),
            News("new", came.first_seen, came, (stored(1, "sheep", SHEEP), stored(3, "shepherd", SHEPHERD))),
        ]

    def status(self, *, verify=False):
        self.calls.append(("status", verify))
        return self.status_shown or sound_status(verified=verify)


def sound_status(**facts):
    given = {
        "data_dir": Path("corpus-of-mine"), "model": "all-MiniLM-L6-v2", "index_kind": "flat", "generation": 7,
        "index_generation": 6, "documents": 2, "entries": {Kind.PAPER: 2, Kind.JOB: 3}, "passages": 1204,
        "vectors": 1204, "store_bytes": 1_340_000, "last_ingest": None, "problems": (), "verified": False,
        "mend": None,
    }  # fmt: skip
    return Status(**(given | facts))


@pytest.fixture
def assistant(monkeypatch):
    """The double, in the place of the assistant that commands open."""
    double = AssistantDouble()

    class Opened:
        @classmethod
        def open(cls, data_dir=None, *, settings=None, notify=None):
            double.opened_with.update(data_dir=data_dir, settings=settings, notify=notify)
            return double

    monkeypatch.setattr(bot.assistant, "Assistant", Opened)
    return double


@pytest.fixture
def the_answer():
    return ANSWER


@pytest.fixture
def no_answer():
    return NO_ANSWER


@pytest.fixture(name="sound_status")
def sound_status_made():
    return sound_status
