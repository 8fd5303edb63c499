"""The corpus view's routes: what the page is told is what the corpus holds."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.state import StateFile
from bot.state.answers import StoredAnswer
from bot.state.feedback import Feedback
from bot.web import corpus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot import Assistant


@pytest.fixture
async def page(bundled: Assistant) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    corpus.mount(app, bundled)
    async with TestClient(TestServer(app)) as client:
        yield client


async def told(page: TestClient[web.Request, web.Application], path: str, status: int = 200) -> Any:
    response = await page.get(path)
    assert response.status == status
    return await response.json()


async def test_a_document_comes_with_its_entries_and_passages_by_offsets(page, bundled):
    documents = await told(page, "/api/corpus/documents")
    assert [each["id"] for each in documents] == [each.id for each in bundled.digests()]
    found = await told(page, f"/api/corpus/documents/{documents[0]['id']}")
    assert found["text"] == bundled.text(found["id"])
    papers = [each for each in found["entries"] if each["kind"] == "paper"]
    assert len(papers) == found["counts"]["paper"]
    for each in papers:
        assert each["title"] in found["text"][each["start"] : each["end"]]
        assert each["passages"]
        assert all(each["start"] <= start < end <= each["end"] for start, end in each["passages"])


async def test_an_explanation_is_the_assistants(page, bundled):
    found = await told(page, "/api/corpus/explanation?question=and+who+wrote+it%3F&before=what+is+RLSbench%3F")
    explained = bundled.explain("and who wrote it?", history=["what is RLSbench?"])
    expected = explained.to_json()
    assert found["found"] == expected["found"]
    assert found["recognised"] == expected["recognised"]
    assert found["answer"]["citations"] == expected["answer"]["citations"]


async def test_the_map_has_every_passage_once_and_near_ones_near(page, bundled):
    points = await told(page, "/api/corpus/map")
    assert len({each["passage"] for each in points}) == len(points) == bundled.status().passages
    assert all(0 <= each[axis] <= 1 for each in points for axis in "xy")
    jobs = [each for each in points if each["kind"] == "job"]
    papers = [each for each in points if each["kind"] == "paper"]
    assert _spread(jobs, jobs) < _spread(jobs, papers), "job posts lie together"


async def test_what_goes_wrong_is_told_in_words(page):
    assert "no document" in (await told(page, "/api/corpus/documents/nowhere", 404))["error"]
    assert "words" in (await told(page, "/api/corpus/explanation?question=%3F%3F", 400))["error"]
    assert "no kind" in (await told(page, "/api/corpus/explanation?question=who&kind=cake", 404))["error"]


def _spread(some: list[dict[str, Any]], others: list[dict[str, Any]]) -> float:
    """The mean distance."""
    pairs = [(a["x"] - b["x"], a["y"] - b["y"]) for a in some[::5] for b in others[::5]]
    return sum((x * x + y * y) ** 0.5 for x, y in pairs) / len(pairs)


async def test_the_votes_of_the_bot_and_of_the_page_are_told_newest_first(empty: Assistant):
    app = web.Application()
    corpus.mount(app, empty)
    async with TestClient(TestServer(app)) as client:
        assert await told(client, "/api/corpus/feedback") == []
        for at, folder in enumerate((empty.folder, empty.folder / "page")):
            with closing(StateFile(folder)) as state:
                answer = StoredAnswer(f"question {at}", scope=None, user=2, channel=1, id=str(at))
                Feedback(state, clock=lambda at=at: 1000.0 + at).vote(answer, 3, up=bool(at), reason="why")
        votes = await told(client, "/api/corpus/feedback")
    assert [(each["question"], each["vote"]) for each in votes] == [("question 1", "up"), ("question 0", "down")]
