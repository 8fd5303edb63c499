"""Lists of authors in the forms that pages write them, and what is none."""

from __future__ import annotations

import pytest

from corpus.readers.people import CERTAIN, parse_people


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Nora Ek, Olaf Berg and Pia Lind", ("Nora Ek", "Olaf Berg", "Pia Lind")),
        ("Ek, Nora; Berg, Olaf", ("Nora Ek", "Olaf Berg")),
        ("Ek, Nora and Berg, Olaf", ("Nora Ek", "Olaf Berg")),
        ("Ek, N., Berg, O., & Lind, P.", ("N. Ek", "O. Berg", "P. Lind")),
        ("Ek, Nora, Olaf Berg, and Pia Lind", ("Nora Ek", "Olaf Berg", "Pia Lind")),
        ("Ek, N. and Berg, O. and Mausam and Lind, P.", ("N. Ek", "O. Berg", "Mausam", "P. Lind")),
        (
            "Nora Ek (Uppsala University), Olaf Berg (Acme, Inc.) and Pia Lind",
            ("Nora Ek", "Olaf Berg", "Pia Lind"),
        ),
        ("Nora Ek*, Olaf Berg†, Pia Lind1,2", ("Nora Ek", "Olaf Berg", "Pia Lind")),
        ("N. Ek, Skansen Observatory, Stockholm, Sweden", ("N. Ek",)),
        ("Nora Ek | Olaf Berg | Pia Lind", ("Nora Ek", "Olaf Berg", "Pia Lind")),
        ("Nora Ek, Jr., Olaf Berg, PhD", ("Nora Ek, Jr.", "Olaf Berg")),
        ("Ludwig van der Berg, Maria de la Cruz", ("Ludwig van der Berg", "Maria de la Cruz")),
        ("Nora Ek, Olaf Berg, et al.", ("Nora Ek", "Olaf Berg")),
        ("Nora Ek, mina berg, Mausam", ("Nora Ek", "mina berg", "Mausam")),
        ("王芳，李娜，张伟", ("王芳", "李娜", "张伟")),
    ],
)
def test_names_of_a_list(words: str, names: tuple[str, ...]) -> None:
    people = parse_people(words)
    assert people.names == names
    assert people.score >= CERTAIN


def test_a_shortened_list_says_so() -> None:
    assert parse_people("Nora Ek et al.").shortened
    assert not parse_people("Nora Ek").shortened


@pytest.mark.parametrize(
    "words",
    [
        "Learning to Build Bridges",
        "Deep Neural Networks",
        "Program Committee",
        "How lamps are lit",
        "Fast remote builds and many runners",
        "",
        "2024",
    ],
)
def test_what_is_no_list_of_people(words: str) -> None:
    assert parse_people(words).score < CERTAIN


def test_a_hostile_list_is_read_at_once() -> None:
    assert parse_people("A, " * 1_900).score < CERTAIN
    assert parse_people("(" * 5_000).names == ()
