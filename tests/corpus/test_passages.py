"""Passages: whole entries where they fit, whole sentences where they do not, nothing lost."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Entry, Kind, Place, Span
from corpus.passages import MAX_CHARACTERS, context_of, passage_hash, split
from tests.doubles import HashEncoder

count = HashEncoder().count_pieces


def entry(text: str, start: int = 0, **facts: object) -> Entry:
    return Entry(Kind.ARTICLE, "Graphs", Span(start, len(text)), **facts)  # type: ignore[arg-type]


def cut(text: str, window: int = 40) -> list[str]:
    (passages,) = split(text, [entry(text)], "A guide", window=window, count=count)
    return [text[p.span.start : p.span.end] for p in passages]


def test_an_entry_that_fits_is_one_passage_with_the_headings_as_context():
    text = "Graphs hold nodes and edges."
    ((passage,),) = split(text, [entry(text, headings=("Methods",))], "A guide", window=64, count=count)
    assert (passage.span, passage.context) == (Span(0, len(text)), "A guide · Methods · Graphs")
    assert passage.embedded_text(text) == "A guide · Methods · Graphs\nGraphs hold nodes and edges."


def test_a_long_entry_is_cut_at_sentence_ends_and_repeats_a_little():
    text = " ".join(f"Sentence number {n} speaks of graphs." for n in range(20))
    passages = cut(text, window=64)
    assert len(passages) > 2
    assert all(p.startswith("Sentence") and p.endswith("graphs.") for p in passages)
    for before, after in pairwise(passages):
        last = re.findall(r"Sentence number \d+", before)[-1]
        assert last in after, "the last sentence of one passage opens the next"


def test_every_passage_fits_the_window_with_its_context():
    text = " ".join(f"Word{n} and some more, of graphs." for n in range(60))
    (passages,) = split(text, [entry(text)], "A guide", window=40, count=count)
    assert max(count([p.embedded_text(text) for p in passages])) <= 40


def test_an_endless_sentence_is_cut_at_words_and_an_endless_word_anywhere():
    assert all(piece.strip() == piece for piece in cut("graph " * 500))
    pieces = cut("x" * 5 * MAX_CHARACTERS)
    assert sum(map(len, pieces)) >= 5 * MAX_CHARACTERS
    assert max(map(len, pieces)) <= MAX_CHARACTERS


def test_a_heading_as_long_as_a_passage_leaves_room_for_the_text():
    text = "Graphs hold nodes. " * 30
    long = Entry(Kind.ARTICLE, "title " * 200, Span(0, len(text.rstrip())))
    (passages,) = split(text, [long], "A guide", window=40, count=count)
    assert {p.context for p in passages} == {""}
    assert max(count([p.embedded_text(text) for p in passages])) <= 40


def test_a_job_posts_context_is_its_role_team_and_place():
    post = Entry(
        Kind.JOB,
        "Applied Scientist",
        Span(0, 4),
        role="Applied Scientist",
        team="AGI",
        place=Place("US, MA, Boston"),
    )
    assert context_of(post, "A guide") == "Applied Scientist · AGI · US, MA, Boston"


def test_equal_texts_share_a_name_and_different_ones_do_not():
    assert passage_hash("a b") == passage_hash("a b") != passage_hash("a  b")


@given(st.text(alphabet=st.sampled_from("ab .!?\n•-é"), min_size=1, max_size=600).filter(lambda t: t.strip()))
def test_passages_cover_every_word_in_order(text: str):
    bare = text.strip()
    start = text.index(bare)
    whole = Entry(Kind.ARTICLE, "T", Span(start, start + len(bare)))
    (passages,) = split(text, [whole], "", window=16, count=count)
    covered: set[int] = set()
    for passage in passages:
        covered.update(range(passage.span.start, passage.span.end))
        assert whole.span.start <= passage.span.start < passage.span.end <= whole.span.end
    missed = [i for i in range(start, start + len(bare)) if i not in covered and not text[i].isspace()]
    assert missed == []
    assert [p.span.start for p in passages] == sorted(p.span.start for p in passages)
