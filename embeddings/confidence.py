"""Turns the signals of an answer into the probability that the question can be answered."""

from __future__ import annotations

import json
from collections.abc import Mapping  # noqa: TC003 - fields' types, looked up at run time
from dataclasses import asdict, dataclass
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from corpus.text import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


FILE_NAME = "calibration.json"
"""In a data folder: what ``digestbot calibrate`` fitted there."""

_SHIPPED = Path(__file__).with_name(FILE_NAME)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression over standardised signals (Platt scaling, with more than one signal).

    ``names``, ``means``, ``scales`` and ``weights`` have one value for each signal. A question counts as
    answered from a confidence of ``threshold`` on; from ``unsure`` on what is nearest may answer it.
    ``provenance`` says when, by what and on how many questions it was fitted, and how well it did on those that
    it had not seen.
    """

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    threshold: float
    unsure: float
    model: str
    provenance: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.means) == len(self.scales) == len(self.weights) or 0 in self.scales:
            raise ValueError("not one mean, scale and weight for each signal")

    def log_odds(self, signals: Mapping[str, float]) -> float:
        """The log-odds, between -50 and 50, that what was found answers the question."""
        return max(-50.0, min(50.0, self.intercept + sum(self.contributions(signals).values())))

    def confidence(self, signals: Mapping[str, float]) -> float:
        """The probability, 0 to 1, that what was found answers the question."""
        return 1 / (1 + exp(-self.log_odds(signals)))

    def contributions(self, signals: Mapping[str, float]) -> dict[str, float]:
        """What each signal adds to the log-odds of the confidence, beside the intercept."""
        columns = zip(self.names, self.means, self.scales, self.weights, strict=True)
        return {name: weight * (signals[name] - mean) / scale for name, mean, scale, weight in columns}

    @classmethod
    def load(cls, folder: Path, model: str, names: Sequence[str], notify: Callable[[str], None]) -> Calibration:
        """The data folder's own calibration where it fits, else the one that comes with digestbot.

        Args:
            folder: the data folder.
            model: the fingerprint of the model in use; a calibration for another one does not fit.
            names: the signals that there are; likewise.
            notify: is told where the folder's own cannot be used.
        """
        own = folder / FILE_NAME
        if own.is_file():
            try:
                found = _CALIBRATION.validate_json(own.read_bytes())
            except (OSError, ValidationError, ValueError) as error:
                notify(f"{own} cannot be used ({type(error).__name__}): run `digestbot calibrate` again")
            else:
                if found.model == model and set(found.names) <= set(names):
                    return found
                notify(f"{own} was fitted for another model or version: run `digestbot calibrate` again")
        return _CALIBRATION.validate_json(_SHIPPED.read_bytes())

    def save(self, path: Path) -> None:
        """Write it to a file, whole or not at all."""
        write_whole(path, json.dumps(asdict(self), indent=1) + "\n")


_CALIBRATION = TypeAdapter(Calibration)
