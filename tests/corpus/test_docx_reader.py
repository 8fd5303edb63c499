"""Word files: styles as structure, papers and posts found, and what is no good Word file as one clear line."""

from __future__ import annotations

import pytest

from corpus.errors import ReadError
from corpus.model import Kind, Page
from corpus.readers import reader_for
from tests.corpus.word_files import WordFile, run

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
POST = (
    "We are looking for a Senior Kite Engineer who will join the team. Your role is to use experience with knots."
    " Candidates will have qualifications in weaving."
)


def read(data: bytes) -> Page:
    page = reader_for("guide.docx").read(data, name="notes")
    for entry in page.entries:
        assert page.text[entry.span.start : entry.span.end].strip()
    return page


def papers(page: Page) -> dict[str, tuple[tuple[str, ...], str | None, str | None]]:
    return {e.title: (e.authors, e.section, e.url) for e in page.entries if e.kind is Kind.PAPER}


@pytest.fixture
def guide() -> WordFile:
    file = WordFile()
    file.add(run("Papers on kites at ICML 2024"), style="Title").add(run("Sails"), style="heading 1")
    file.add(run("Kites carry sails."), run(" "), run("Sails carry kites.", italic=True))
    file.add(run("Low kites in high winds\n", bold=True), run("Ada Moss, Ben Ray"))
    file.add(
        file.link("Strings that hold", "https://example.org/strings"), run(", by Cy Dunn, Eva Holt"), item=True
    )
    file.add(run("Knots"), style="heading 2").add(run("Knots for all"), style="heading 3").add(
        run("Fay Ito, Gus Lee")
    )
    file.picture("A reef knot").add(run("A knot seen from above."), style="caption")
    file.table(["Title", "Authors"], ["Tails and bows", "Hal Orr, Ida Poe"])
    return file.add(run("US, WA, Seattle"), style="heading 2").add(run(POST))


def test_papers_are_found_with_their_authors_topics_and_links(guide: WordFile):
    page = read(guide.data())
    assert (page.title, page.venue, page.year, page.page_starts) == (
        "Papers on kites at ICML 2024",
        "ICML",
        2024,
        (),
    )
    assert papers(page) == {
        "Low kites in high winds": (("Ada Moss", "Ben Ray"), "Sails", None),
        "Strings that hold": (("Cy Dunn", "Eva Holt"), "Sails", "https://example.org/strings"),
        "Knots for all": (("Fay Ito", "Gus Lee"), "Knots", None),
        "Tails and bows": (("Hal Orr", "Ida Poe"), "Knots", None),
    }


def test_posts_and_figures_are_found(guide: WordFile):
    page = read(guide.data())
    (job,) = [entry for entry in page.entries if entry.kind is Kind.JOB]
    assert job.place is not None
    assert (job.place.text, job.role) == ("US, WA, Seattle", "Senior Kite Engineer")
    (figure,) = [entry for entry in page.entries if entry.kind is Kind.FIGURE]
    assert (figure.title, page.text[figure.span.start : figure.span.end]) == (
        "A reef knot",
        "A knot seen from above.",
    )


def test_deleted_and_hidden_words_are_left_out():
    file = WordFile()
    file.add(
        run("Kites "), f"<w:del {W}><w:r><w:delText>sink</w:delText><w:t>sink</w:t></w:r></w:del>", run("fly.")
    )
    file.add("<w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret.</w:t></w:r>", run("They land."))
    assert read(file.data()).text == "Kites fly.\n\nThey land.\n"


def test_words_in_a_text_box_are_read_once():
    box = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
    forms = f"<mc:Choice>{box}</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
    names = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    file = (
        WordFile()
        .add(f"<w:r><mc:AlternateContent {names}>{forms}</mc:AlternateContent></w:r>")
        .add(run("Outside."))
    )
    assert read(file.data()).text == "In a box.\n\nOutside.\n"


def test_macros_are_left_alone_and_said_to_be():
    data = WordFile().add(run("Kites fly.")).data(word__vbaProject_bin=b"\x00")
    page = reader_for("notes.docm").read(data, name="notes")
    assert (page.text, page.notes) == ("Kites fly.\n", ("its macros were left alone",))


GOOD = WordFile().add(run("Kites fly.")).data()
OUTSIDE = (
    '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f"<w:document {W}><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:document>"
)
LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + f"]><w:document {W}><w:p><w:r><w:t>&m;</w:t></w:r></w:p></w:document>"
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"hello", "no Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old format, or one with a password"),
        (GOOD[:200], "cut off"),
        (GOOD[:-40], "cut off"),
        (WordFile().data(), "no text"),
        (WordFile().data(word__document_xml="\x01\x02"), "damaged"),
        (WordFile().data(word__document_xml="<d>" * 50_000), "damaged"),
        (WordFile().data(word__document_xml=b"<d>" + b" " * 40_000_000 + b"</d>"), "unpacks to more than"),
        (WordFile().data(word__document_xml=OUTSIDE), "document type"),
        (WordFile().data(word__document_xml=LAUGHS), "document type|damaged"),
        (
            WordFile().data(word__document_xml="").replace(b"word/document.xml", b"word/dokument.xml"),
            "no Word file",
        ),
    ],
    ids=["empty", "text", "old", "begun", "cut", "blank", "no xml", "deep", "bomb", "outside", "laughs", "other"],
)
def test_a_bad_file_ends_in_one_clear_line(data: bytes, said: str):
    with pytest.raises(ReadError, match=said) as refused:
        read(data)
    assert "\n" not in str(refused.value)
