"""The search: fused, one result an entry, filtered within."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Kind
from corpus.store import Filter
from embeddings.collection import Library
from embeddings.ranking import DENSE_WEIGHT
from tests.doubles import HashEncoder
from tests.embeddings.conftest import identity, page

if TYPE_CHECKING:
    from embeddings.loader import ServingEncoder


def test_meaning_and_words_both_count(tmp_path, encoder: ServingEncoder):
    library = Library(tmp_path, encoder)
    library.add(
        identity("one"),
        page(
            "Privacy is kept by adding noise while a network is trained.",
            "RLSbench collects datasets whose label proportions change.",
            "Banana bread needs ripe fruit.",
        ),
    )
    assert library.search("how is personal data protected?", Filter(), 3)[0].passage.span.start == 0
    by_name = library.search("RLSbench", Filter(), 3)[0]
    assert by_name.passage.span.start == 61
    assert by_name.lexical > 0.5
    assert by_name.score > DENSE_WEIGHT * min(by_name.cosine, by_name.sentence)


def test_an_entry_of_many_passages_is_one_result(light: Library):
    long = " ".join(f"Graphs appear in sentence {n} of this text." for n in range(200))
    light.add(identity("one"), page(long, "Bandits pull arms."))
    hits = light.search("graphs", Filter(), 10)
    assert light.store.counts()["passages"] > 5
    assert len(hits) == 2


def test_the_same_entry_in_two_documents_is_one_result(light: Library):
    light.add(identity("one"), page("graphs hold nodes"))
    light.add(identity("two"), page("bandits pull arms", "graphs hold nodes", title="Another guide"))
    hits = light.search("graphs nodes", Filter(), 10)
    assert [hit.passage.document for hit in hits] == ["one", "two"]
    assert light.store.counts()["passages"] == 3


def test_equal_texts_under_equal_headings_are_embedded_once(light: Library):
    light.add(identity("one"), page("graphs hold nodes"))
    added = light.add(identity("two"), page("graphs hold nodes", "bandits pull arms"))
    assert (added.passages, added.embedded) == (2, 1)
    assert light.add(identity("two"), page("graphs hold nodes", "bandits pull arms")).embedded == 0


def test_a_filter_holds_within_both_indexes(light: Library):
    for number in range(150):
        light.add(identity(f"d{number}"), page(f"graphs hold nodes {number}"))
    light.add(identity("job"), page("graphs engineers wanted", kind=Kind.JOB))
    jobs = light.search("graphs nodes", Filter(kinds=frozenset({Kind.JOB})), 5)
    assert [hit.passage.document for hit in jobs] == ["job"]
    one = light.search("graphs nodes", Filter(documents=frozenset({"d149"})), 5)
    assert [hit.passage.document for hit in one] == ["d149"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([None, 1, 2]), min_size=1, max_size=6), st.sampled_from([None, 1, 2, 3]))
def test_a_server_never_sees_what_belongs_to_another(
    tmp_path_factory, scopes: list[int | None], asking: int | None
):
    library = Library(tmp_path_factory.mktemp("scopes"), HashEncoder())
    owners = {
        library.add(identity(f"d{n}", scope=scope), page(f"graphs hold nodes {n}")).document: scope
        for n, scope in enumerate(scopes)
    }
    seen = {hit.passage.document for hit in library.search("graphs nodes", Filter(scope=asking), 10)}
    library.close()
    assert seen == {document for document, owner in owners.items() if owner in (None, asking)}


def test_what_another_process_replaces_during_a_search_is_found_all_the_same(tmp_path):
    class Replacing(HashEncoder):
        """While it embeds the first question, another process stores the document again."""

        def encode(self, texts, role):
            if role == "question" and not other.store.generation > 1:
                other.add(identity("one"), page("graphs hold nodes"))
            return super().encode(texts, role)

    library, other = Library(tmp_path, Replacing()), Library(tmp_path, HashEncoder())
    library.add(identity("one"), page("graphs hold nodes"))
    (hit,) = library.search("graphs", Filter(), 5)
    assert hit.passage.document == "one"
    assert library.store.generation == 2


def test_of_entries_that_are_alike_the_first_is_found_with_its_sentences(light: Library):
    words = [f"word{n}" for n in range(40)]
    for copy in ("first", "second"):
        chosen = random.Random(1)
        light.add(
            identity(copy),
            page(*(f"{' '.join(chosen.choices(words, k=9))}. {chosen.choice(words)} ends." for _ in range(15))),
        )
    asked = random.Random(2)
    for _ in range(60):
        hits = light.search(" ".join(asked.choices(words, k=3)), Filter(), 5)
        assert {hit.passage.document for hit in hits} == {"first"}
        assert all(hit.sentences for hit in hits)
