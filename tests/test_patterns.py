"""No regular expression takes time that grows faster than its input: strangers choose what is read and asked."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import bot
import corpus
import embeddings

Pattern = re.Pattern[str] | re.Pattern[bytes]
ROOT = Path(__file__).parents[1]
PACKAGES = (bot, corpus, embeddings)
COMMON = [
    " ",
    "\n",
    "-",
    "'",
    '"',
    "’",
    "a",
    "A",
    "1",
    ".",
    ",",
    "a ",
    "1 ",
    "a-",
    "a'",
    "a.",
    "\t ",
    "(",
    "[",
    "* ",
]
SECONDS = 1200

ALLOWED = {
    ("bot.query.attributes", "ATTRIBUTES"),
    ("bot.query.attributes", "_ANY"),
    ("corpus.gazetteer.areas", "_BRACKETED"),
    ("corpus.gazetteer.people", "_NICKNAME"),
    ("corpus.gazetteer.titles", "_MIXED"),
    ("corpus.gazetteer.topics", "_NUMBER"),
}
"""Known offenders, by module and name: what they see is bounded (a question, or a page in its own process).

This list only shrinks.
"""

PROBE = """
import json, re, signal, sys, time

SCREENED, LONGEST, BUDGET, SLOW, LEAST, QUADRUPLE = 8192, 32_768, 3.0, 0.004, 0.2, 3.0


class Late(Exception):
    pass


def late(*_):
    raise Late


def seconds(act, text):
    begun = time.perf_counter()
    act(text)
    return time.perf_counter() - begun


def grows(act, unit, tail):
    sized = lambda length: unit * (length // len(unit)) + tail
    if seconds(act, sized(SCREENED)) < SLOW:
        return False
    first = seconds(act, sized(LONGEST))
    if first < LEAST:  # half a billion steps take longer
        return False
    second, third = seconds(act, sized(LONGEST // 2)), seconds(act, sized(LONGEST // 4))
    return first >= QUADRUPLE * second and second >= QUADRUPLE * third


signal.signal(signal.SIGPROF, late)
for line in sys.stdin:
    source, flags, binary, act, units, tails = json.loads(line)
    pattern = re.compile(source.encode("latin-1") if binary else source, flags)
    found = None
    for unit in units:
        for tail in tails:
            texts = [each.encode() if binary else each for each in (unit, tail)]
            signal.setitimer(signal.ITIMER_PROF, BUDGET)
            try:
                bad = grows(getattr(pattern, act), *texts)
            except Late:
                bad = True
            signal.setitimer(signal.ITIMER_PROF, 0)
            if bad:
                found = unit + tail
                break
        if found is not None:
            break
    print(json.dumps(found), flush=True)
"""
"""Screens each pattern at one length, and doubles the length for those that are slow there."""


def compiled() -> dict[tuple[str, str], Pattern]:
    """Every compiled pattern that a module or one of its classes holds, by module and name; each pattern once."""
    found: dict[tuple[str, int], tuple[tuple[str, str], Pattern]] = {}
    for package in PACKAGES:
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not each.name.endswith("__main__"):
                module = importlib.import_module(each.name)
                source = Path(str(module.__file__)).read_text("utf-8")
                own = {name: value for name, value in vars(module).items() if made_here(name, source)}
                for name, value in own.items():
                    for label, pattern in held_by(name, value, each.name):
                        found.setdefault((repr(pattern.pattern), pattern.flags), ((each.name, label), pattern))
    return dict(found.values())


def made_here(name: str, source: str) -> bool:
    """Whether a module assigns a name or defines a class of that name, rather than importing it."""
    return (
        re.search(rf"^(?:{re.escape(name)}\b[^\n=]*=|class {re.escape(name)}\b)", source, re.MULTILINE) is not None
    )


def held_by(name: str, value: object, module: str, depth: int = 3) -> list[tuple[str, Pattern]]:
    """The patterns in a value: itself, the parts of a collection or dataclass, or the attributes of a class."""
    if isinstance(value, re.Pattern):
        return [(name, value)]
    parts: list[object] = []
    if depth == 0:
        return []
    if isinstance(value, type):
        parts = list(vars(value).values()) if value.__module__ == module else []
    elif isinstance(value, (tuple, list, frozenset, set)):
        parts = list(value)
    elif isinstance(value, dict):
        parts = [*value.keys(), *value.values()]
    elif hasattr(value, "__dataclass_fields__"):
        parts = [getattr(value, key, None) for key in value.__dataclass_fields__]
    return [pair for at, part in enumerate(parts) for pair in held_by(f"{name}[{at}]", part, module, depth - 1)]


def act_of(name: str, sources: str) -> str:
    """How a pattern is used: anchored where nothing but match and fullmatch is called on it."""
    calls = set(re.findall(rf"\b{re.escape(name)}\.(\w+)\(", sources))
    return "match" if calls and calls <= {"match", "fullmatch", "pattern"} else "search"


def literals(source: str) -> list[str]:
    """The words and marks in a pattern, alone and with a blank: its own parts may match them again and again."""
    words = list(dict.fromkeys(re.findall(r"(?<!\\)[^\W\d_]{2,}", source)))[:12]
    marks = dict.fromkeys(re.findall(r"[^\w\s()?*+\\|^${}\[\]]", source))
    return [*words, *(f"{word} " for word in words), *list(marks)[:10]]


@pytest.mark.slow
def test_no_pattern_takes_more_than_linear_time():
    patterns = compiled()
    assert len(patterns) > 50
    sources = "\n".join(
        path.read_text("utf-8") for package in PACKAGES for path in (ROOT / package.__name__).rglob("*.py")
    )
    jobs = []
    for (_, name), pattern in patterns.items():
        binary = isinstance(pattern.pattern, bytes)
        source = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
        flags = pattern.flags & ~(0 if binary else re.UNICODE)
        units = list(dict.fromkeys([*COMMON, *literals(source)]))
        jobs.append(json.dumps([source, flags, binary, act_of(name, sources), units, ["", "!", "\x00"]]))
    places = [(module, name.partition("[")[0]) for module, name in patterns]
    unknown = [at for at, place in enumerate(places) if place not in ALLOWED]
    for _ in range(2):  # what only a busy machine made slow is not slow again
        found = probe([jobs[at] for at in unknown])
        unknown = [at for at, each in zip(unknown, found, strict=True) if each is not None]
    assert not unknown, f"these patterns take more than linear time: {[places[at] for at in unknown]}"
    assert set(places) >= ALLOWED, f"take what is gone off the list: {sorted(ALLOWED - set(places))}"


def probe(jobs: list[str]) -> list[str | None]:
    """For each pattern the text on whose repeats it takes more than linear time, or None."""
    probed = subprocess.run(
        [sys.executable, "-c", PROBE], input="".join(f"{job}\n" for job in jobs), capture_output=True, text=True,
        cwd=ROOT, timeout=SECONDS, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in probed.stdout.splitlines()]
    assert len(answers) == len(jobs)
    return answers
