"""A view of the index: used by many at once, and good for as long as one holds it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import faiss

from tests.embeddings.conftest import identity, page

if TYPE_CHECKING:
    import pytest

    from embeddings.collection import Library

LONG = 30.0
"""Seconds after which a thread that waits for another has failed."""


def test_searches_do_not_wait_for_each_other(light: Library):
    light.add(identity("rivers"), page("rivers carry boats"))
    light.warm_up()
    both = Barrier(2, timeout=LONG)

    def looked() -> int:
        with light.index.view() as view:
            both.wait()  # neither gets past this alone
            return len(view.lexical.search("boats", 5)[0]) if view else 0

    with ThreadPoolExecutor(2) as threads:
        assert [found.result(LONG) for found in [threads.submit(looked) for _ in range(2)]] == [1, 1]


def test_a_view_goes_on_while_the_index_is_made_anew(light: Library):
    light.add(identity("rivers"), page("rivers carry boats", "boats need wind"))
    light.warm_up()
    with light.index.view() as before, ThreadPoolExecutor(1) as thread:
        assert before
        light.store.remove("rivers")
        light.add(identity("lakes"), page("lakes carry boats"))
        thread.submit(light.index.refresh).result(LONG)
        scores, _ = before.lexical.search("boats", 5)
        vector = light.encoder.encode(["boats"], "question")[0]
        assert len(scores) == 2
        assert set(before.dense.search(vector, 5)) == set(scores)
    with light.index.view() as now:
        assert now
        assert len(now.lexical.search("boats", 5)[0]) == 1


def test_a_search_takes_one_thread_in_whatever_thread_it_runs(light: Library, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("embeddings.dense.FLAT_UP_TO", 0)
    light.add(identity("rivers"), page("rivers carry boats"))
    light.warm_up()
    vector = light.encoder.encode(["boats"], "question")[0]

    def threads_after() -> int:
        faiss.omp_set_num_threads(2)
        with light.index.view() as view:
            assert view
            view.dense.search(vector, 5)
        return int(faiss.omp_get_max_threads())

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(threads_after).result(LONG) == 1
