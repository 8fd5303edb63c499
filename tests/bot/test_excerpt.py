"""Excerpts: whole sentences, short, around what answers, and verbatim."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.citations import MAX_CHARACTERS, Wanted, excerpt_of
from bot.query.attributes import asked_attributes
from corpus.model import Span
from corpus.passages import sentence_spans

LONG = " ".join(
    [
        "Kites were flown over the hills for many years by people who liked the wind and the view from up there.",
        "They were made of paper and of silk, and their tails were long enough to be seen from the next valley.",
        "The team measured how high each of them went with a theodolite that had been borrowed from the school.",
        "Rain kept everybody indoors for a week, and the strings that had been left outside had to be replaced.",
        "Lanterns were tried in the end, although nobody could say who had brought them up or what they cost.",
        "Whoever wants to join is paid a stipend of 500 crowns a month and may sleep in the hut by the lake.",
        "At the end of the summer all of the kites were given to the museum, where they can be looked at today.",
    ]
)


def stems(text: str) -> set[str]:
    return {word.strip(".,").lower() for word in text.split()}


def cut(text: str, wanted: Wanted, start: int = 0) -> tuple[str, str]:
    found = excerpt_of(text, Span(start, start + len(text)), wanted)
    return (
        text[found.span.start - start : found.span.end - start],
        text[found.best.start - start : found.best.end - start],
    )


def test_a_short_entry_is_quoted_whole_with_its_best_sentence():
    text = "Low kites\nAda Moss"
    assert cut(text, Wanted({}, {"moss": 1.0}, stems)) == (text, "Ada Moss")


def test_of_a_long_one_the_sentences_around_what_was_asked():
    quoted, best = cut(LONG, Wanted({}, {"theodolite": 3.0, "high": 1.0}, stems), start=1000)
    assert best.startswith("The team measured")
    assert best in quoted
    assert len(quoted) <= MAX_CHARACTERS


def test_meaning_counts_where_no_word_is_shared():
    spans = sentence_spans(LONG)
    quoted, best = cut(LONG, Wanted({spans[4]: 0.8}, {}, stems))
    assert best.startswith("Lanterns")
    assert best in quoted


def test_what_gives_the_asked_attribute_is_quoted():
    quoted, _ = cut(LONG, Wanted({}, {}, stems, asked_attributes("are they paid?")))
    assert "stipend of 500" in quoted


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), min_size=1, max_size=8).map(" ".join),
    st.text(max_size=20),
)
def test_any_text_is_cut_within_itself_and_never_to_nothing(text: str, asked: str):
    if not text.strip():
        return
    found = excerpt_of(text, Span(7, 7 + len(text)), Wanted({}, dict.fromkeys(stems(asked), 1.0), stems))
    assert 7 <= found.span.start < found.span.end <= 7 + len(text)
    assert found.span.start <= found.best.start <= found.best.end <= found.span.end
    whole_or_short = len(text) <= MAX_CHARACTERS or found.span.end - found.span.start <= 900
    assert whole_or_short
