"""PDF files: articles in columns are prose under headings, lists papers and posts, bad files one clear line."""

from __future__ import annotations

import io
import zlib
from itertools import pairwise

import pypdf
import pytest

from corpus.errors import ReadError
from corpus.model import Kind, Page
from corpus.reader_process import Limits, ReaderPool
from corpus.readers import reader_for
from tests.corpus.pdf_files import LEFT, Sheet, filled

FLIGHT = (
    "Tethered gliders gather considerable altitude wherever turbulence remains predictable throughout the"
    " afternoon. Experienced observers nevertheless underestimate fluctuations because instruments respond"
    " sluggishly. Calibration against independent measurements considerably improves forecasts for inexperienced"
    " operators."
)
STRINGS = (
    "Braided strings outlast twisted strings whenever moisture penetrates their outermost filaments overnight."
    " Laboratory comparisons involving polyethylene demonstrate remarkable differences between manufacturers."
    " Replacement intervals therefore depend on circumstances which manufacturers seldom document carefully."
)
POST = (
    "We are looking for a Senior Kite Engineer who will join the team. Your role is to use experience with knots."
    " Candidates will have qualifications in weaving."
)


def read(data: bytes) -> Page:
    page = reader_for("sheet.pdf").read(data, name="sheet")
    for entry in page.entries:
        assert page.text[entry.span.start : entry.span.end].strip()
    assert all(one.span.end <= other.span.start for one, other in pairwise(page.entries))
    return page


def words(page: Page, title: str) -> str:
    (entry,) = [entry for entry in page.entries if entry.title == title]
    return page.text[entry.span.start : entry.span.end]


@pytest.fixture(scope="module")
def article() -> Page:
    sheet = Sheet(head="Journal of Kites, vol. 4", numbered=True)
    sheet.put("Altitude of Tethered Gliders", 150, 80, size=20, style="B")
    end = sheet.put("Ada Moss", 200, 105, size=11)
    end = sheet.put("1", end, 101, size=7)
    end = sheet.put(", Ben Ray", end, 105, size=11)
    sheet.put("2", end, 101, size=7)
    left = filled(f"{FLIGHT} {FLIGHT}").split("\n")
    right = filled(f"{FLIGHT} {STRINGS} {FLIGHT}").split("\n")
    sheet.column("\n".join(["# Abstract", *filled(STRINGS).split("\n"), "", "# Introduction", *left]), 0, 140)
    sheet.column("\n".join(right), 1, 140)
    sheet.put("Figure 1: Height over time. The band shows the spread.", LEFT, 600, size=8)
    sheet.add_page()
    sheet.column("\n".join(["# Materials", *filled(STRINGS).split("\n")]), 0)
    sheet.column("\n".join(filled(f"{STRINGS} The end.").split("\n")), 1)
    sheet.add_page()
    sheet.column("\n".join(["# Outlook", *filled(FLIGHT).split("\n")]))
    return read(sheet.data())


def test_an_article_in_two_columns_reads_as_prose_under_headings(article: Page):
    assert article.title == "Altitude of Tethered Gliders"
    (paper,) = (entry for entry in article.entries if entry.kind is Kind.PAPER)
    assert article.text[paper.span.start : paper.span.end].endswith(f"Abstract\n\n{STRINGS}")
    before, behind = (e for e in article.entries if e.title == "Introduction")
    assert article.text[before.span.start : before.span.end] == f"Introduction\n\n{FLIGHT} {FLIGHT}"
    assert article.text[behind.span.start : behind.span.end] == f"{FLIGHT} {STRINGS} {FLIGHT}"
    assert words(article, "Materials") == f"Materials\n\n{STRINGS}\n\n{STRINGS} The end."
    assert words(article, "Outlook") == f"Outlook\n\n{FLIGHT}"


def test_its_title_is_a_paper_by_its_authors(article: Page):
    (paper,) = [entry for entry in article.entries if entry.kind is Kind.PAPER]
    assert (paper.title, paper.authors) == ("Altitude of Tethered Gliders", ("Ada Moss", "Ben Ray"))


def test_its_caption_is_a_figure(article: Page):
    (figure,) = [entry for entry in article.entries if entry.kind is Kind.FIGURE]
    assert figure.title == "Height over time"


def test_running_heads_and_page_numbers_are_left_out(article: Page):
    assert "Journal" not in article.text
    assert not any(line.strip().isdigit() for line in article.text.splitlines())


def test_pages_begin_where_their_words_begin(article: Page):
    first, second, third = article.page_starts
    assert first == 0
    assert article.text[second:].startswith("Materials")
    assert article.text[third:].startswith("Outlook")


def test_a_paragraph_goes_on_over_the_end_of_a_page():
    sheet = Sheet()
    sheet.put("On kites", LEFT, 60, size=20)
    lines = filled(f"{FLIGHT} {STRINGS}", width=500).split("\n")
    sheet.column("\n".join(lines[:4]), y=100)
    sheet.add_page()
    sheet.column("\n".join(lines[4:]))
    page = read(sheet.data())
    assert page.text == f"On kites\n\n{FLIGHT} {STRINGS}\n"
    assert page.text[page.page_starts[1] :].startswith(lines[4])


def test_hyphens_that_words_have_anyway_are_kept():
    sheet = Sheet()
    sheet.put("On words", LEFT, 40, size=20)
    sheet.column("Off-line work and real-time work and on-board work are plain.")
    sheet.column("We did off-\nline and real-\ntime and on-\nboard.", y=100)
    assert "We did off-line and real-time and on-board." in read(sheet.data()).text


def test_papers_posts_links_and_tables_of_a_list_are_found():
    sheet = Sheet()
    sheet.put("Papers on kites at ICML 2024", LEFT, 60, size=20, style="B")
    sheet.put("Sails", LEFT, 100, size=14, style="B")
    sheet.put("Low kites in high winds", LEFT, 125, style="B", link="https://example.org/low")
    sheet.put("Ada Moss, Ben Ray", LEFT, 137)
    end = sheet.put("Strings that hold", LEFT, 165, link="https://example.org/strings")
    sheet.put(", by Cy Dunn and Eva Holt", end, 165)
    rows = [("Title", "Authors"), ("Knots for all", "Fay Ito, Gus Lee"), ("Tails and bows", "Hal Orr, Ida Poe"),
            ("Reels of old", "Jo Rum, Kit Sun")]  # fmt: skip
    for number, cells in enumerate(rows):
        for x, cell in zip((LEFT, 300), cells, strict=True):
            sheet.put(cell, x, 210 + 20 * number, style="" if number else "B")
    sheet.put("US, WA, Seattle", LEFT, 320, size=14, style="B")
    sheet.column(filled(POST, width=500), y=345)
    page = read(sheet.data())
    found = {e.title: (e.authors, e.url) for e in page.entries if e.kind is Kind.PAPER}
    assert found == {
        "Low kites in high winds": (("Ada Moss", "Ben Ray"), "https://example.org/low"),
        "Strings that hold": (("Cy Dunn", "Eva Holt"), "https://example.org/strings"),
        "Knots for all": (("Fay Ito", "Gus Lee"), None),
        "Tails and bows": (("Hal Orr", "Ida Poe"), None),
        "Reels of old": (("Jo Rum", "Kit Sun"), None),
    }
    (job,) = [entry for entry in page.entries if entry.kind is Kind.JOB]
    assert job.place is not None
    assert (job.place.text, job.role) == ("US, WA, Seattle", "Senior Kite Engineer")
    assert (page.venue, page.year) == ("ICML", 2024)


def small() -> bytes:
    sheet = Sheet()
    sheet.put("Kites fly.", LEFT, 60)
    return sheet.data()


def locked(password: str, algorithm: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(small()))
    writer.encrypt(password, "owner", algorithm=algorithm)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def written(content: bytes, *, about: bytes = b"", kids: int = 1, more: bytes = b"") -> bytes:
    """A file by its objects, with one stream of operators that all pages show."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + b" ".join([b"3 0 R"] * kids) + b"]/Count %d>>" % kids,
        b"<</Type/Page/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 4 0 R>>>>>>",
        b"<</Length %d%s>>stream\n" % (len(content), about) + content + b"\nendstream",
        font,
        more or b"null",
    ]
    data, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + table + b"trailer<</Size 7/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)


SHOWN = b"BT /F 12 Tf 50 700 Td (Kites fly.) Tj ET"


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_a_file_that_anyone_may_open_is_read(algorithm: str):
    assert read(locked("", algorithm)).text == "Kites fly.\n"
    with pytest.raises(ReadError, match="locked by a password"):
        read(locked("secret", algorithm))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"hello", "no PDF file"),
        (b"<html>not found</html>", "no PDF file"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 40, "damaged or cut off"),
        (small()[:400], "damaged or cut off"),
        (small()[:-300], "damaged or cut off"),
        (written(b""), "no text"),
        (written(SHOWN, kids=5000), "5,000 pages"),
        (written(zlib.compress(b"\0" * 20_000_000), about=b"/Filter/FlateDecode"), "no text"),
        (written(zlib.compress(zlib.compress(b"\0" * 20_000_000)), about=b"/Filter[/FlateDecode/FlateDecode]"),
         "no text"),
        (written(b"[" * 100_000 + b"] TJ"), "no text"),
        (written(SHOWN).replace(b"Kids[3 0 R]", b"Kids[2 0 R]"), "damaged or cut off"),
    ],
    ids=["empty", "text", "html", "garbage", "begun", "cut", "blank", "pages", "bomb", "bomb in a bomb",
         "nested", "tree"],
)  # fmt: skip
def test_a_bad_file_ends_in_one_clear_line(data: bytes, said: str):
    with pytest.raises(ReadError, match=said) as refused:
        read(data)
    assert "\n" not in str(refused.value)


def test_operators_that_make_no_sense_are_passed_over():
    assert read(written(b"/F Td q Q Q (x) Tf " + SHOWN)).text == "Kites fly.\n"
    assert read(written(b"BT /F 1e309 Tf 1e308 0 Td (lost) Tj ET " + SHOWN)).text == "Kites fly.\n"


def test_a_page_that_shows_itself_again_and_again_ends_in_time():
    pool = ReaderPool(Limits(seconds=2.0, seconds_per_megabyte=0.0), processes=1)
    try:
        with pytest.raises(ReadError, match=r"more than the 2 seconds|broke down"):
            pool.read("sheet.pdf", written(b"/X Do " * 60, about=b"/Type/XObject/Subtype/Form"))
    finally:
        pool.close()


def test_a_page_that_cannot_be_read_does_not_take_the_others_along():
    data = written(SHOWN, kids=2).replace(b"Kids[3 0 R 3 0 R]", b"Kids[3 0 R 6 0 R]")
    page = read(data)
    assert page.text == "Kites fly.\n"
    assert page.notes == ("page 2 cannot be read and is left out",)


def test_the_ending_finds_the_reader():
    assert reader_for("A.PDF").name == "pdf"


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_was_printed_on_its_side_is_read(degrees: int):
    sheet = Sheet()
    with sheet.rotation(degrees, x=300, y=400):
        for number in range(4):
            sheet.put(f"Line {number} says that kites are flown.", 150, 300 + 14 * number)
    assert read(sheet.data()).text.startswith("Line 0 says that kites are flown.")


def test_a_hyphen_of_a_compound_is_kept_at_a_lines_end():
    sheet = Sheet()
    sheet.column(
        f"Kites of this make are fairly well-\nknown to all who fly them over the sea, day\n{FLIGHT[:44]}"
    )
    assert "well-known" in read(sheet.data()).text


def test_what_an_advert_cites_is_no_paper_of_its_page():
    sheet = Sheet()
    sheet.put("PhD position on kites", LEFT, 60, size=18, style="B")
    sheet.column(filled("Hosting team: Hill lab. Duration: three years. " + POST, width=500), y=90)
    sheet.put("Skills: knots and applied mathematics", LEFT, 160)
    sheet.put("References", LEFT, 190)
    sheet.put("Moss, A. et al. (2021). Low kites in high winds. KITES, 13(10).", LEFT, 210)
    sheet.put("Ray, B. et al. (2022). Strings that hold. KITES, 14(2).", LEFT, 222)
    page = read(sheet.data())
    assert [(entry.kind, entry.title) for entry in page.entries] == [(Kind.JOB, "PhD position on kites")]
