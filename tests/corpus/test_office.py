"""Workbooks, slides, books, notebooks and other mark-up: each is read as the blocks that a reader of it sees."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pytest

from corpus.errors import ReadError
from corpus.model import Kind, Page
from corpus.readers import reader_for


def read(name: str, data: bytes) -> Page:
    return reader_for(name).read(data, name="sheet")


def papers(page: Page) -> dict[str, tuple[str, ...]]:
    return {entry.title: entry.authors for entry in page.entries if entry.kind is Kind.PAPER}


def zipped(**parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name, part in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_opf", ".opf"), part)
    return held.getvalue()


def test_rows_of_a_workbook_are_read_as_of_any_table():
    book = openpyxl.Workbook()
    for row in (["Title", "Authors", "Year"], ["Reefs at night", "Ada Moss, Ben Ray", 2021]):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    page = read("list.xlsx", held.getvalue())
    assert papers(page) == {"Reefs at night": ("Ada Moss", "Ben Ray")}
    assert [entry.year for entry in page.entries if entry.kind is Kind.PAPER] == [2021]


def test_a_workbook_of_many_rows_is_read():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("list")
    for number in range(6_000):
        sheet.append([f"Reefs at {number} metres", "Ada Moss, Ben Ray"] if number else ["Title", "Authors"])
    held = io.BytesIO()
    book.save(held)
    assert len(papers(read("list.xlsx", held.getvalue()))) == 5_999


def test_slides_are_read_with_their_titles():
    names = (
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    )
    shape = "<p:sp>{}<p:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>"
    title = shape.format('<p:nvPr><p:ph type="title"/></p:nvPr>', "Reefs")
    slide = f"<p:sld {names}>{title}{shape.format('', 'Reefs grow slowly.')}</p:sld>"
    page = read("talk.pptx", zipped(ppt__presentation_xml="<p/>", ppt__slides__slide1_xml=slide))
    assert page.text == "Reefs\n\nReefs grow slowly.\n"


def test_a_book_is_read_in_the_order_of_its_spine():
    page = read(
        "reefs.epub",
        zipped(
            META_INF__container_xml="", **{"META-INF__container_xml": "<c><rootfile full-path='b.opf'/></c>"},
            b_opf="<p><title>Reefs</title><item id='x' href='two_xml'/><item id='y' href='one_xml'/>"
            "<itemref idref='y'/><itemref idref='x'/></p>".replace("_xml", ".xml"),
            one_xml="<html><head><title>no</title></head><body><h1>First</h1><p>Reefs grow.</p></body></html>",
            two_xml="<html><body><h1>Second</h1><p>Reefs end.</p></body></html>",
        ),
    )  # fmt: skip
    assert page.text == "First\n\nReefs grow.\n\nSecond\n\nReefs end.\n"
    assert page.title in ("Reefs", "First")


NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["# Reefs\n", "\n", "They *grow*."]},
        {"cell_type": "code", "source": "grow()", "outputs": [{"text": "printed"}]},
    ]
}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("reefs.ipynb", json.dumps(NOTEBOOK).encode()),
        (
            "reefs.rst",
            b"Reefs\n=====\n\nThey *grow*.\n\n.. include:: /etc/hostname\n\n.. raw:: html\n\n   <b>raw</b>\n",
        ),
        ("reefs.org", b"#+TITLE: Reefs\n:DRAWER:\nThey /grow/. [[https://r.example][More]]\n"),
    ],
)
def test_other_mark_up_shows_its_words_alone(name: str, data: bytes):
    page = read(name, data)
    assert page.title == "Reefs"
    assert "grow" in page.text
    assert not any(hidden in page.text for hidden in ("printed", "raw", "include", "hostname", "DRAWER", "[["))


@pytest.mark.parametrize("ending", ["xlsx", "pptx", "epub", "docx"])
@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "empty"), (b"reefs", "file"), (b"PK\x03\x04reefs", "damaged"), (zipped(a="b"), "file"),
     (b"\xd0\xcf\x11\xe0reefs", "old format")],
)  # fmt: skip
def test_what_is_no_such_file_is_refused_in_one_line(ending: str, data: bytes, said: str):
    with pytest.raises(ReadError, match=said) as refused:
        read(f"a.{ending}", data)
    assert "\n" not in str(refused.value)


def test_what_unpacks_to_too_much_is_refused_unread():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("ppt/presentation.xml", b" " * 40_000_000)
    with pytest.raises(ReadError, match="unpacks to more"):
        read("a.pptx", held.getvalue())
