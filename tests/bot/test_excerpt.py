"""Excerpts: whole sentences, short, around what answers, and verbatim."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.citations import MAX_CHARACTERS, Wanted, excerpt_of
from bot.query.attributes import asked_attributes
from corpus.model import Span
from corpus.passages import sentence_spans
from embeddings.fulltext import stems

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


BORROWED, STIPEND = "theodolite that had been borrowed", "stipend of 500"


def cut(text: str, wanted: Wanted, start: int = 0, cosines: dict[Span, float] | None = None, **more) -> list[str]:
    """The stretches quoted of a text that stands somewhere in a document, then the sentence that says most."""
    found = excerpt_of(text, Span(start, start + len(text)), wanted, cosines or {}, **more)
    return [text[span.start - start : span.end - start] for span in (*found.spans, found.best)]


def asked(question: str) -> Wanted:
    return Wanted(question, dict.fromkeys(stems(question), 1.0), asked_attributes(question))


def test_a_short_entry_is_quoted_whole_with_its_best_sentence():
    text = "Low kites\nAda Moss"
    assert cut(text, Wanted(rarity={"moss": 1.0})) == [text, "Ada Moss"]


def test_of_a_long_one_the_sentences_around_what_was_asked():
    *quoted, best = cut(LONG, Wanted(rarity={"theodolit": 3.0, "high": 1.0}), start=1000)
    assert best.startswith("The team measured")
    assert best in quoted[0]
    assert sum(map(len, quoted)) <= MAX_CHARACTERS


def test_meaning_counts_where_no_word_is_shared():
    spans = sentence_spans(LONG)
    *quoted, best = cut(LONG, Wanted(), cosines={spans[4]: 0.8})
    assert best.startswith("Lanterns")
    assert any(best in stretch for stretch in quoted)


def test_what_gives_the_asked_attribute_is_quoted():
    assert any(STIPEND in stretch for stretch in cut(LONG, asked("are they paid?")))


def test_two_things_asked_for_are_both_shown_though_far_apart():
    between = " ".join(
        f"Nothing of note went on in hut number {n}, where people slept and ate." for n in range(20)
    )
    text = f"The team has a {BORROWED}. {between} Whoever joins is paid a {STIPEND} crowns."
    first, second, _ = cut(text, asked("who paid for the borrowed theodolite and what is the stipend?"))
    assert BORROWED in first
    assert STIPEND in second
    assert len(first) + len(second) <= MAX_CHARACTERS


def test_a_number_that_the_question_does_not_say_itself_answers_how_many():
    text = f"{LONG} In 2031 the kites went up in spring. Some 64 kites went up, said the teacher who had counted."
    assert any("64 kites" in stretch for stretch in cut(text, asked("how many kites went up in 2031?")))


def test_words_that_the_heading_shows_need_not_be_said_again():
    text = f"{LONG} Kites and lanterns of the valley. Dew ruined them."
    question = "did dew ruin the kites and lanterns of the valley?"
    assert cut(text, asked(question), heading="Kites and lanterns of the valley")[-1] == "Dew ruined them."


def test_a_title_and_its_authors_are_not_parted():
    text = f"Lanterns in the wind\nAda Moss, Bo Reed\n{LONG}"
    shown = cut(text, asked("what were the lanterns in the wind like?"), authors=("Ada Moss", "Bo Reed"))
    for stretch in shown:
        assert ("Lanterns in the wind" in stretch) == ("Ada Moss, Bo Reed" in stretch)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=600), min_size=1, max_size=8).map(" ".join),
    st.text(max_size=20),
)
def test_any_text_is_cut_within_itself_and_never_to_nothing(text: str, said: str):
    if not text.strip():
        return
    found = excerpt_of(text, Span(7, 7 + len(text)), asked(said), {})
    ends = [place for span in found.spans for place in (span.start, span.end)]
    assert ends == sorted(ends)
    assert 7 <= ends[0] < ends[-1] <= 7 + len(text)
    assert any(span.start <= found.best.start <= found.best.end <= span.end for span in found.spans)
    assert len(text) <= MAX_CHARACTERS or sum(span.end - span.start for span in found.spans) <= MAX_CHARACTERS
