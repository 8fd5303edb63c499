"""PDF and Word files through the whole: taken from a folder, answered from, cited with their page."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.cli.ask import show_answer
from bot.cli.console import Out
from bot.discord.render import citation_embed
from bot.sources.ingest import Source
from tests.bot.conftest import assistant_over
from tests.corpus.pdf_files import LEFT, Sheet
from tests.corpus.word_files import WordFile, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.assistant import Assistant
    from embeddings.loader import ServingEncoder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a PDF of two pages, a Word file and one that is cut off."""
    folder = tmp_path_factory.mktemp("files")
    sheet = Sheet()
    sheet.put("On kites", LEFT, 50, size=20)
    sheet.column("Kites carry lanterns over the lake in summer.", y=90)
    sheet.add_page()
    sheet.put("On strings", LEFT, 50, size=14)
    sheet.column("Braided strings outlast twisted strings in salty rain.", y=90)
    (folder / "kites.pdf").write_bytes(sheet.data())
    word = WordFile().add(run("On knots"), style="Title").add(run("A bowline never slips under a steady load."))
    (folder / "knots.docx").write_bytes(word.data())
    (folder / "cut.PDF").write_bytes(sheet.data()[:600])
    return folder


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, encoder: ServingEncoder, folder: Path
) -> Iterator[Assistant]:
    with assistant_over(tmp_path_factory.mktemp("data"), encoder) as assistant:
        told = {outcome.source.rpartition("/")[2]: outcome for outcome in assistant.ingest([folder])}
        assert {name: outcome.state for name, outcome in told.items()} == {
            "cut.PDF": "failed", "kites.pdf": "new", "knots.docx": "new",
        }  # fmt: skip
        assert "damaged or cut off" in (told["cut.PDF"].error or "")
        yield assistant


def test_a_pdf_is_cited_with_the_page_of_its_excerpt(assistant: Assistant, capsys: pytest.CaptureFixture[str]):
    answer = assistant.ask("Which strings outlast twisted strings in rain?")
    citation = answer.citations[0]
    assert (citation.document, citation.page, citation.to_json()["page"]) == ("kites", 2, 2)
    stored = assistant._library.store.text("kites", citation.start, citation.end)
    assert citation.excerpt == stored
    assert citation_embed(citation).footer.text == "On kites · p. 2"
    show_answer(Out(), answer)
    assert "p. 2" in capsys.readouterr().out


def test_what_has_no_pages_is_cited_without_one(assistant: Assistant):
    citation = assistant.ask("Does a bowline slip under a steady load?").citations[0]
    assert (citation.document, citation.page) == ("knots", None)
    assert "p. " not in (citation_embed(citation).footer.text or "")


def test_pages_outlive_the_process(assistant: Assistant, tmp_path: Path):
    page = assistant._library.store.page("kites")[1]
    assert page.page_starts == (0, page.text.index("On strings"))
    assert assistant._library.store.page_at("kites", page.page_starts[1] - 1) == 1
    assert assistant._library.store.page_at("kites", page.page_starts[1]) == 2


def test_an_upload_may_be_a_pdf(assistant: Assistant, folder: Path):
    source = Source(folder / "upload.pdf", data=(folder / "kites.pdf").read_bytes())
    (outcome,) = assistant.ingest([source], scope=7)
    assert (outcome.state, outcome.document) == ("new", "upload")
    assistant.remove("upload")


def test_the_libraries_are_loaded_for_their_own_files_alone():
    script = (
        "import sys, bot, bot.sources.ingest, corpus.readers\n"
        "corpus.readers.reader_for('a.txt').read(b'Kites fly.', name='a')\n"
        "print(sorted({'pypdfium2', 'lxml', 'zipfile', 'cryptography'} & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert "pypdfium2" not in ran.stdout
    assert "lxml" not in ran.stdout
