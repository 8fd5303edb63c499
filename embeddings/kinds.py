"""Kinds: how the nearest rows are found, by how many there are."""

from __future__ import annotations

from dataclasses import dataclass

FLAT_UP_TO = 10_000
"""Rows up to which all are looked at in full, 1.5 kB each. All numbers here: tests/benchmarks/index.py."""

CODES_UP_TO = 200_000
"""Rows up to which all are looked at, by codes of two bits a number; beyond, in the nearest lists alone."""

FLAT, CODES, LISTS = "flat", "RaBitQ", "IVF, RaBitQ"
"""The kinds. The codes are RaBitQ's (Gao and others, 2025): at two bits a number, and with twice as many rows
proposed as wanted, the nearest ten are found like by eight plain bits, in a fraction of their time and memory."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How rows are proposed: the kind's name, the lists looked into, and the share of the ten nearest found."""

    name: str
    probes: int
    recall: float


def kind_for(rows: int) -> str:
    """The kind that fits a number of rows."""
    if rows <= FLAT_UP_TO:
        return FLAT
    return CODES if rows <= CODES_UP_TO else LISTS
