"""The shipped confidence: fitted on questions of people over several sets of pages, each left out in turn.

Run ``python tests/benchmarks/confidence.py FOLDER QUESTIONS.jsonl [...] --out embeddings/calibration.json``. A
folder is a data folder with the pages of the questions behind it; sets over one folder are left out together.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answering.confidence import Signals
from bot.assistant import Assistant
from bot.evaluation.calibrate import calibration_of, out_of_fold
from bot.evaluation.fit import fit
from bot.evaluation.questions import read_questions
from bot.evaluation.unanswerable import far_questions
from corpus.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.evaluation.fit import Fit
    from embeddings.confidence import Calibration


ANSWERABLE = 0.7
"""Of ten questions seven can be answered."""

FAR = 3
"""One of so many questions of the exam that have nothing to do with any digest is asked of each set's pages."""

NAMES = tuple(signal.name for signal in fields(Signals))


@dataclass(frozen=True, slots=True)
class Judged:
    """A question of a set with the signals of its answer."""

    pages: str
    set: str
    answerable: bool
    signals: Mapping[str, float]

    @property
    def source(self) -> str:
        """By which it is weighed: its set and its sort."""
        return f"{'' if self.answerable else 'absent: '}{self.set}"


def judged(folder: Path, questions: Path) -> list[Judged]:
    """Ask a question set over a data folder, for the signals of the answers.

    Raises:
        DigestbotError: the folder or the question set cannot be read.
    """
    asked = [(each.question, each.history, each.answerable, questions.stem) for each in read_questions(questions)]
    asked += [(each.question, (), False, "far") for each in far_questions()[::FAR]]
    found: list[Judged] = []
    with Assistant.open(folder) as assistant:
        for question, history, answerable, name in asked:
            with suppress(QuestionError):
                answer = assistant.ask(question, history=history, top=10)
                if answer.signals:
                    found.append(Judged(folder.name, name, answerable, answer.signals))
    return found


def calibrate_on(asked: Sequence[Judged], model: str) -> tuple[Calibration, Fit]:
    """Fit the confidence on question sets, all of which weigh the same."""
    sources = [each.source for each in asked]
    pages = sorted({each.pages for each in asked})
    sets = {each.set for each in asked}
    sets -= {"far"}
    shares = {
        each.source: ANSWERABLE / len(sets)
        if each.answerable
        else (1 - ANSWERABLE) / 2 / (1 if each.set == "far" else len(sets))
        for each in asked
    }
    rows = [[each.signals[name] for name in NAMES] for each in asked]
    found = fit(NAMES, rows, sources, [pages.index(each.pages) for each in asked], shares, None)
    provenance = {
        "date": datetime.now(UTC).date().isoformat(),
        "questions": {source: sources.count(source) for source in sorted(set(sources))},
        "left out in turn": pages,
        "penalty": found.penalty,
        "out_of_fold": out_of_fold(found),
    }
    return calibration_of(NAMES, found, model, provenance), found


def main() -> None:
    """Fit on the sets that are given and write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, help="a data folder and its question set, in turns")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    pairs = list(zip(given.sets[::2], given.sets[1::2], strict=True))
    asked = [each for folder, questions in pairs for each in judged(folder, questions)]
    with Assistant.open(pairs[0][0]) as assistant:
        calibration, found = calibrate_on(asked, assistant.model)
    calibration.save(given.out)
    for name, value in calibration.provenance["out_of_fold"].items():
        print(name, value)
    print(f"answered from {found.threshold:.3f}, unsure from {found.unsure:.3f}")
    print(dict(zip(NAMES, [round(weight, 2) for weight in calibration.weights], strict=True)))


if __name__ == "__main__":
    main()
