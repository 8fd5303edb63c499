"""Sentences: cut where a reader would, by offsets that hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.passages import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentence_spans(text)]


def test_abbreviations_and_decimals_do_not_end_a_sentence():
    text = "It was tried, e.g. on graphs, in the U.S. and elsewhere. It gained 3.5 points. Fine!"
    assert sentences(text) == [
        "It was tried, e.g. on graphs, in the U.S. and elsewhere.",
        "It gained 3.5 points.",
        "Fine!",
    ]


def test_lines_and_bullets_within_a_line_end_a_sentence():
    text = "You will: • Build robots • Test them - Write papers\nAnd more"
    assert sentences(text) == ["You will:", "• Build robots", "• Test them", "- Write papers", "And more"]


def test_a_stretch_is_split_with_offsets_into_the_whole():
    text = "Before. One here. Two here. After."
    spans = sentence_spans(text, 8, 27)
    assert [text[s.start : s.end] for s in spans] == ["One here.", "Two here."]


@given(st.text(max_size=300))
def test_no_character_but_white_space_is_lost(text: str):
    spans = sentence_spans(text)
    assert "".join("".join(text[s.start : s.end] for s in spans).split()) == "".join(text.split())
