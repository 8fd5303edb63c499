"""Answers from facts: whole lists in page order, counts, places, people, and a clear word on what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.assistant import Assistant
from corpus.model import Kind, Span
from embeddings.collection import Library
from tests.doubles import HashEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from bot.answer import Answer


def titles(answer: Answer) -> list[str]:
    return [citation.title.partition(":")[0] for citation in answer.citations]


def test_a_topic_is_listed_whole_and_in_page_order(bundled: Assistant):
    answer = bundled.ask("bandit papers at ICML 2023", top=10)
    listed = [citation for citation in answer.citations if citation.section == "Bandit problems"]
    assert [c.title.split()[0] for c in listed[:4]] == ["Delay-adapted", "Incentivizing", "Multi-task", "Thompson"]
    assert answer.citations[:4] == tuple(listed[:4])
    assert answer.summary == "4 papers under Bandit problems at ICML 2023"
    assert {(citation.venue, citation.year) for citation in answer.citations} == {("ICML", 2023)}


def test_a_count_cites_what_it_counted(bundled: Assistant):
    answer = bundled.ask("how many bandit papers were there at ICML 2023?", top=10)
    assert answer.summary.startswith("4 papers under Bandit problems at ICML 2023")
    assert sum(citation.section == "Bandit problems" for citation in answer.citations) == 4


def test_all_papers_of_an_author_and_nothing_else(bundled: Assistant):
    answer = bundled.ask("what has Kveton written?", top=10)
    assert len(answer.citations) == 3
    assert all("Branislav Kveton" in citation.authors for citation in answer.citations)
    assert answer.summary == "3 papers by Branislav Kveton"


@pytest.mark.parametrize("question", ["papers by cedric archambeau", "papers by Cédric Archambaeu", "Archambeau?"])
def test_an_author_is_known_without_accents_and_with_slips(bundled: Assistant, question: str):
    answer = bundled.ask(question)
    assert {"Cédric Archambeau" in citation.authors for citation in answer.citations} == {True}


def test_a_place_lists_its_posts_then_those_that_only_name_it(bundled: Assistant):
    answer = bundled.ask("openings in Spain", top=10)
    assert {"Madrid", "Barcelona"} <= {citation.location.split(", ")[-1] for citation in answer.citations[:2]}
    assert answer.summary.startswith("2 job posts in Spain")


def test_two_places_are_compared(bundled: Assistant):
    answer = bundled.ask("are there more jobs in Bengaluru or in Gurugram?", top=10)
    assert answer.summary == "Bengaluru: 4 job posts; Gurugram: 2 job posts"
    assert len(answer.citations) == 6


def test_a_list_that_is_longer_than_what_is_shown_says_so(bundled: Assistant):
    answer = bundled.ask("papers at ICML 2023", top=5)
    assert len(answer.citations) == 5
    assert answer.summary == "18 papers at ICML 2023; the first 5 are shown"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("any openings in Reykjavik?", "The digest has no job posts in Reykjavík."),
        ("papers from SIGGRAPH 2019", "The digest has no papers at SIGGRAPH 2019."),
        ("papers by Kveton at ICLR 2022", "The digest has no papers by Branislav Kveton at ICLR 2022."),
    ],
)
def test_what_is_not_there_is_named(bundled: Assistant, question: str, told: str):
    answer = bundled.ask(question)
    assert not answer.answered
    assert answer.citations == ()
    assert answer.summary == told


def test_a_topic_that_nothing_stands_under_is_looked_for_in_wider_headings(bundled: Assistant):
    answer = bundled.ask("privacy papers 2023", top=10)
    assert answer.summary == "2 papers under headings like Privacy of 2023"
    assert [citation.section for citation in answer.citations[:2]] == ["Differential privacy"] * 2


@pytest.mark.parametrize(
    "question",
    ["papers on text-to-speech for parrots", "any papers about volcano forecasting?", "Sanskrit papers"],
)
def test_a_topic_that_is_not_there_is_not_answered(bundled: Assistant, question: str):
    answer = bundled.ask(question)
    assert not answer.answered
    assert answer.signals["elsewhere"] > 0


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("hi!", "Hello!"),
        ("hi there", "Hello!"),
        ("hello everybody", "Hello!"),
        ("thanks, that was great", "You're welcome"),
        ("what can you do?", "I am a bot"),
        ("how are you?", "I am fine"),
        ("stupid bot", "Sorry"),
        ("goodbye", "Bye"),
    ],
)
def test_small_talk_gets_a_fitting_line(bundled: Assistant, question: str, told: str):
    answer = bundled.ask(question)
    assert not answer.answered
    assert answer.summary.startswith(told)
    assert answer.nearest == ()


@pytest.mark.parametrize("question", ["hi, papers on Kveton", "thanks, and openings in Spain?"])
def test_a_greeting_before_a_question_hides_nothing(bundled: Assistant, question: str):
    assert bundled.ask(question).answered


def test_a_follow_up_of_what_was_not_answered_is_not_answered_either(bundled: Assistant):
    answer = bundled.ask("and who wrote it?", history=["hello there"])
    assert not answer.answered


def test_authors_that_a_page_does_not_name_are_not_made_up(bundled: Assistant):
    answer = bundled.ask("who wrote FedNLP?")
    assert not answer.answered
    assert answer.summary.startswith("The digest does not name the authors of FedNLP")
    assert answer.nearest[0].title.startswith("FedNLP")


def test_a_question_in_spanish_is_told_so(bundled: Assistant):
    answer = bundled.ask("¿Cuál es la mejor receta para hacer una tortilla de patatas?")
    assert not answer.answered
    assert "Spanish" in answer.summary


def test_slips_of_the_finger_do_not_hide_a_paper(bundled: Assistant):
    answer = bundled.ask("membrship inference atacks on difusion models")
    assert answer.answered
    assert answer.citations[0].title.startswith("Membership inference attacks")


def test_a_follow_up_asks_the_same_of_another_place(bundled: Assistant):
    answer = bundled.ask("what about Boston?", history=["any openings in Madrid?"], top=10)
    assert answer.understood == "any openings in Boston?"
    assert {citation.location for citation in answer.citations} == {"US, MA, Boston"}


def test_excerpts_are_short_and_mark_their_best_sentence(bundled: Assistant):
    for question in ("how does Cold Brew handle nodes without neighbours?", "what would I do as an economist?"):
        for citation in bundled.ask(question, top=10).citations:
            assert len(citation.excerpt) <= 900
            assert isinstance(citation.best, Span)
            assert citation.excerpt[citation.best.start : citation.best.end].strip()
            assert citation.best.end <= len(citation.excerpt)


PAGE = """# Notes

## Kites

### {title}

- Authors: {author}

We fly {thing} over hills and tell how high they go.
"""


def write(folder: Path, name: str, **facts: str) -> Path:
    path = folder / f"{name}.md"
    path.write_text(PAGE.format(**facts), "utf-8")
    return path


def test_names_are_known_as_soon_as_their_page_is_and_forgotten_with_it(tmp_path: Path):
    with Assistant(Library(tmp_path / "data", HashEncoder()), lambda line: None) as assistant:
        assistant.ingest([write(tmp_path, "one", title="High kites", author="Ada Moss", thing="kites")])
        assert titles(assistant.ask("papers by Ada Moss")) == ["High kites"]
        assistant.ingest([write(tmp_path, "two", title="Low kites", author="Ada Moss", thing="lanterns")])
        assert titles(assistant.ask("papers by Ada Moss")) == ["High kites", "Low kites"]
        assistant.remove("one")
        assert titles(assistant.ask("papers by Ada Moss")) == ["Low kites"]


def test_the_names_of_another_server_select_nothing(tmp_path: Path):
    encoder = HashEncoder()
    with Assistant(Library(tmp_path / "data", encoder), lambda line: None) as assistant:
        assistant.ingest([write(tmp_path, "common", title="High kites", author="Ada Moss", thing="kites")])
        assistant.ingest([write(tmp_path, "own", title="Secret kites", author="Zoe Quill", thing="secrets")])
        assistant._library.store._connection.execute("UPDATE documents SET scope = 7 WHERE id = 'own'")
        for question in ("papers by Zoe Quill", "Secret kites", "who wrote Secret kites?"):
            answer = assistant.ask(question, scope=8)
            shown = (*answer.citations, *answer.nearest)
            assert {citation.document for citation in shown} <= {"common"}
            assert "Quill" not in (answer.summary or "")
        assert titles(assistant.ask("papers by Zoe Quill", scope=7)) == ["Secret kites"]


def test_kinds_that_were_not_asked_for_are_not_shown(bundled: Assistant):
    answer = bundled.ask("Kveton", kind="job")
    assert {citation.kind for citation in (*answer.citations, *answer.nearest)} == {Kind.JOB}


def test_a_place_with_its_surroundings_is_called_so(bundled: Assistant):
    answer = bundled.ask("openings near Boston", top=10)
    assert answer.summary == "5 job posts around Boston"
    assert {"Boston", "N.reading"} == {citation.location.split(", ")[-1] for citation in answer.citations}


def test_what_is_only_near_is_not_shown_beside_the_answer(bundled: Assistant):
    answer = bundled.ask("who wrote RLSbench?", top=10)
    assert [citation.rank for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert len(answer.citations) < 5
    assert min(each.score for each in answer.citations) >= 0.5 * answer.citations[0].score
    listed = bundled.ask("openings in Spain or in Boston", top=10)
    assert len(listed.citations) > 1, "a list comes whole"


@pytest.mark.parametrize(
    ("question", "summary"),
    [
        ("how many papers are there?", "59 papers; the first 5 are shown"),
        ("list all papers", "59 papers; the first 5 are shown"),
        ("any jobs?", "35 job posts; the first 5 are shown"),
    ],
)
def test_all_of_a_kind_are_counted_and_listed(bundled: Assistant, question: str, summary: str):
    answer = bundled.ask(question)
    assert answer.answered
    assert answer.summary == summary
    assert len({citation.kind for citation in answer.citations}) == 1
