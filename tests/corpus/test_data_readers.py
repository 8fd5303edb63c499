"""Tables, JSON and bibliographies: papers and posts as readable text, and one clear line for what has none."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest

from corpus.errors import ReadError
from corpus.model import Kind, Page, Place
from corpus.readers import reader_for

POSTING = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "Kite Engineer",
    "description": "<p>Build kites &amp; fly them.</p><p><b>Basic Qualifications</b></p><li>Sews well",
    "datePosted": "2026-03-01",
    "validThrough": "2026-04-01T00:00:00Z",
    "hiringOrganization": {"name": "Hill Ltd", "department": {"name": "Sails"}},
    "jobLocation": {"address": {"addressLocality": "Munich", "addressCountry": {"name": "DE"}}},
}


def table(text: str, encoding: str = "utf-8") -> Page:
    return checked(reader_for("export.csv").read(text.encode(encoding), name="export"))


def data(value: object) -> Page:
    return checked(
        reader_for("export.json").read(
            (value if isinstance(value, str) else json.dumps(value)).encode(), name="export"
        )
    )


def bibliography(text: str) -> Page:
    return checked(reader_for("export.bib").read(text.encode(), name="export"))


def checked(page: Page) -> Page:
    """A page whose entries are in order, do not overlap, and begin with their titles."""
    end = 0
    for entry in page.entries:
        assert end <= entry.span.start < entry.span.end <= len(page.text)
        assert page.text[entry.span.start : entry.span.end].startswith(entry.title)
        end = entry.span.end
    return page


def words(page: Page, at: int = 0) -> str:
    return page.text[page.entries[at].span.start : page.entries[at].span.end]


def test_a_list_of_papers_is_read_by_the_names_of_its_columns():
    page = table(
        "Title,Authors,Conference,Year,Abstract,URL,Score\n"
        '"Low kites, high winds","Ada Moss; Ben Ray",ICML,2023,"We show how\nkites fly ""low"".",https://x.org/1,7\n'
        '\nStrings,"Moss, Ada and Ray, Ben",NeurIPS 2022,,,,\n'
    )
    low, strings = page.entries
    assert (low.kind, low.title, low.authors) == (Kind.PAPER, "Low kites, high winds", ("Ada Moss", "Ben Ray"))
    assert (low.venue, low.year, low.url) == ("ICML", 2023, "https://x.org/1")
    assert (strings.authors, strings.venue, strings.year) == (("Ada Moss", "Ben Ray"), "NeurIPS", 2022)
    assert words(page) == (
        "Low kites, high winds\nAuthors: Ada Moss; Ben Ray\nConference: ICML\nYear: 2023\n"
        'Abstract: We show how\nkites fly "low".\nURL: https://x.org/1\nScore: 7'
    )


@pytest.mark.parametrize(
    ("text", "team", "closes"),
    [
        ("Job title,Location,Team,Deadline,Description\nSewer,Madrid,Sails,2026-04-01,We sew.\n", "Sails", (4, 1)),
        (
            "Stellenbezeichnung;Standort;Abteilung;Bewerbungsfrist\nNäher (m/w/d);Madrid;Segel;1.4.2026\n",
            "Segel",
            (4, 1),
        ),
        ("Puesto\tUbicación\tDepartamento\tFecha límite\nCosturera\tMadrid\tVelas\t01/04/2026\n", "Velas", (4, 1)),
        ("Jobs of spring\n\nPosition|Office|Group|Apply by\nSewer|Madrid|Sails|April 1, 2026\n", "Sails", (4, 1)),
        ("Job title,City,Country,Department,Closing date\nSewer,Madrid,ES,Sails,04/01/2026\n", "Sails", None),
    ],
)
def test_an_export_of_jobs_is_read_in_three_languages(text: str, team: str, closes: tuple[int, int] | None):
    page = table(text)
    (job,) = page.entries
    assert (job.kind, job.team, job.role) == (Kind.JOB, team, job.title)
    assert job.place is not None
    assert job.place.text.startswith("Madrid")
    assert job.closes == (date(2026, *closes) if closes else None)


def test_a_table_of_another_code_page_is_read_with_a_note():
    page = table("Titel;Autoren\nÜber Drachen;José Núñez\n", "cp1252")
    assert page.entries[0].authors == ("José Núñez",)
    assert page.notes == ("not UTF-8, read as Windows-1252",)


def test_titles_with_a_place_are_jobs_where_most_of_them_name_a_role():
    jobs = 'title,location,department\nKite Engineer,"Berlin, Germany",Sails\nHead of Strings,"Remote, US",\n'
    assert [entry.title for entry in table(jobs).entries] == ["Kite Engineer", "Head of Strings"]
    with pytest.raises(ReadError, match="no paper and no job post"):
        table('title,location,start\nParty,"Berlin, Germany",2026\n')


def test_a_posting_of_schema_org_is_a_job_with_its_days():
    page = data([POSTING])
    (job,) = page.entries
    assert (job.title, job.team, job.place) == (
        "Kite Engineer",
        "Sails",
        Place("Munich, DE", "DE", None, "Munich"),
    )
    assert (job.posted, job.closes) == (date(2026, 3, 1), date(2026, 4, 1))
    assert "Build kites & fly them." in words(page)
    assert [part.heading for part in job.parts] == ["Basic Qualifications"]


@pytest.mark.parametrize(
    "value",
    [
        [{"title": "Low kites", "authors": ["Ada Moss", "Ben Ray"], "venue": "ICML", "year": 2023}],
        {"data": [{"title": "Low kites", "authors": [{"name": "Ada Moss"}, {"name": "Ben Ray"}],
                   "venue": "ICML 2023"}]},
        '{"title": "Low kites", "author": "Ada Moss and Ben Ray", "booktitle": "ICML", "year": "2023"}\n',
        {
            "message": {
                "items": [
                    {
                        "title": ["Low kites"],
                        "author": [{"given": "Ada", "family": "Moss"}, {"given": "Ben", "family": "Ray"}],
                        "container-title": ["ICML"],
                        "issued": {"date-parts": [[2023, 7]]},
                    }
                ]
            }
        },
        {"notes": [{"content": {"title": {"value": "Low kites"}, "authors": {"value": ["Ada Moss", "Ben Ray"]},
                                "venue": {"value": "ICML 2023"}}}]},
        {"hits": {"hit": [{"info": {"title": "Low kites.", "venue": "ICML", "year": "2023",
                                    "authors": {"author": [{"text": "Ada Moss"}, {"text": "Ben Ray"}]}}}]}},
        {"@type": "ScholarlyArticle", "headline": "Low kites",
         "author": [{"name": "Ada Moss"}, {"name": "Ben Ray"}],
         "isPartOf": {"name": "ICML"}, "datePublished": "2023-07-01"},
    ],
)  # fmt: skip
def test_papers_are_found_in_exports_of_many_makes(value: object):
    (paper,) = data(value).entries
    assert (paper.kind, paper.title, paper.authors) == (Kind.PAPER, "Low kites", ("Ada Moss", "Ben Ray"))
    assert (paper.venue, paper.year) == ("ICML", 2023)


def test_lines_that_are_no_json_are_left_out_with_a_note():
    paper = '{"title": "Low kites", "authors": ["Ada Moss"]}'
    page = reader_for("export.json").read(f"{paper}\n{{broken\n\n{paper}\n".encode(), name="x")
    assert len(page.entries) == 2
    assert page.notes == ("line 2 left out: no JSON",)


def test_what_no_text_holds_is_taken_out_of_json():
    page = data('[{"title": "Low kites", "authors": ["Ada Moss"], "abstract": "Half \\ud800 and nul \\u0000."}]')
    page.text.encode()
    assert "\0" not in page.text


def test_a_bibliography_is_read_without_its_latex():
    page = bibliography(
        '@string{ick = "Conference on Kites"}\n'
        '@inproceedings{a, title={{Low} kites of {S}chr{\\"o}dinger}, author={Moss, Ada and G{\\"o}del, K{\\\'u}rt'
        " and others},\n booktitle=ick # { (ICK 2023)}, year=2023,"
        " abstract={We save 10\\% of \\emph{string} at $x^2$.}}\n"
        "@misc{b, title={On strings}, author={Ben Ray}, year={2022}, note={See Fig.~1},\n"
        " eprint={2301.00001}, archivePrefix={arXiv}}\n"
    )
    low, strings = page.entries
    assert (low.title, low.authors) == ("Low kites of Schrödinger", ("Ada Moss", "Kúrt Gödel"))
    assert (low.venue, low.year) == ("ICK", 2023)
    assert "We save 10% of string at $x^2$." in words(page)
    assert (strings.url, strings.year) == ("https://arxiv.org/abs/2301.00001", 2022)


def test_entries_of_the_same_key_are_all_read():
    page = bibliography("@misc{a, title={Low kites}, url={https://x.org/~ada}}\n@misc{a, title={High kites}}\n")
    assert page.entries[0].url == "https://x.org/~ada"
    assert [entry.title for entry in page.entries] == ["Low kites", "High kites"]


def test_an_entry_that_is_not_well_formed_is_left_out_with_its_line():
    page = bibliography("@article{a, title={Broken\n@article{b, title={Low kites}, author={Ada Moss}}\n")
    assert [entry.title for entry in page.entries] == ["Low kites"]
    assert page.notes == ("left out, not well formed: the entries at line 1",)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"title,authors\nA\0b,c\n", "binary, not text"),
        ("a.csv", b"a,b,c\n1,2,3\n", "no paper and no job post"),
        ("a.csv", b"title,authors\n", "nothing is written in it"),
        ("a.tsv", b"x" * 16_000_000, "no table"),
        ("a.csv", b"title,authors\n" + b"x" * 16_000_000, "nothing is written in it"),
        ("a.json", b"[1, 2", "no JSON: Expecting"),
        ("a.json", b"[" * 10_000 + b"]" * 10_000, "nested too deeply"),
        ("a.json", b'[{"title": ' + b"[" * 10_000 + b"]" * 10_000 + b"}]", "nested too deeply"),
        ("a.json", b'"' + b"x" * 15_999_998 + b'"', "no paper and no job post"),
        (
            "package.json",
            b'{"name": "kites", "version": "1.0", "author": "Ada Moss"}',
            "no paper and no job post",
        ),
        ("settings.json", b'{"editor.fontSize": 12, "files": {"title": "x"}}', "no paper and no job post"),
        (
            "quakes.json",
            b'{"features": [{"properties": {"title": "M 4", "place": "10km of X"}}]}',
            "no paper and no job post",
        ),
        ("a.jsonl", b"1\n2\n", "no JSON"),
        ("a.json", b"1" * 10_000, "no paper and no job post"),
        ("a.bib", b"no bibliography", "no entry can be read"),
        ("a.bib", b"@article{a, title={", "not well formed: line 1"),
        ("a.bib", b"@article{a, title={" + b"{" * 100_000, "not well formed: line 1"),
        ("a.bib", b"x" * 16_000_000, "no entry can be read"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_and_soon(name: str, content: bytes, said: str):
    began = time.perf_counter()
    with pytest.raises(ReadError) as refused:
        reader_for(name).read(content, name="a")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300
    assert time.perf_counter() - began < 30


def test_a_name_within_another_object_is_no_title():
    posts = [
        {"name": name, "company": {"name": "Hill Ltd"}, "language": {"code": "en", "labelNative": "English (UK)"},
         "location": {"city": "Porto", "country": "pt", "remote": False, "hybrid": True},
         "ref": f"https://jobs.example/{name[:4]}"}
        for name in ("Kite Engineer", "Knot Keeper")
    ]  # fmt: skip
    page = data({"content": posts})
    assert [entry.title for entry in page.entries] == ["Kite Engineer", "Knot Keeper"]
    assert {str(entry.job.workplace) for entry in page.entries if entry.job} == {"hybrid"}


def test_records_that_say_what_they_are_beside_their_attributes_are_read():
    post = {
        "type": "jobs",
        "links": {"apply-url": "https://jobs.example/1/apply"},
        "attributes": {"title": "Kite Engineer", "min-salary": 50000, "max-salary": 60000, "currency": "EUR"},
    }
    (entry,) = data({"data": [post]}).entries
    assert (entry.title, entry.url) == ("Kite Engineer", "https://jobs.example/1/apply")
    assert entry.job is not None
    assert entry.job.pay is not None
    assert (entry.job.pay.low, entry.job.pay.currency) == (50000, "EUR")


def test_objects_under_their_own_numbers_are_records_beside_the_list_of_these():
    papers = {
        "3": {
            "title": "Low kites in high winds",
            "authors": [{"name": "Ada Moss"}],
            "journal": "Kites",
            "year": 2026,
        },
        "8": {"title": "Strings that hold", "authors": [{"name": "Ben Ray"}], "journal": "Kites", "year": 2026},
    }
    page = data({"result": {"uids": ["3", "8"], **papers}})
    assert [(entry.title, entry.authors) for entry in page.entries] == [
        ("Low kites in high winds", ("Ada Moss",)),
        ("Strings that hold", ("Ben Ray",)),
    ]


def test_people_are_known_by_their_full_names():
    author = {"id": 7, "fullname": "Ada Moss", "url": "https://x.example/7", "institution": "Hill"}
    (paper,) = data({"results": [{"name": "Low kites in high winds", "authors": [author], "abstract": "We fly.",
                                  "event_type": "poster"}]}).entries  # fmt: skip
    assert (paper.authors, paper.venue) == (("Ada Moss",), None)


def test_a_period_beside_an_amount_is_the_pay_s():
    remuneration = [{"MinimumRange": "70000.0", "MaximumRange": "90000.0", "Description": "Per Year"}]
    post = {"PositionTitle": "Kite Engineer", "OrganizationName": "Hill Ltd", "ApplyURI": ["https://x.example/1"],
            "PositionRemuneration": remuneration}  # fmt: skip
    (entry,) = data([post]).entries
    assert entry.job is not None
    assert entry.job.pay is not None
    assert (entry.job.pay.low, entry.job.pay.high, entry.job.pay.per) == (70000, 90000, "year")


def found(value: object) -> list[tuple[Kind, str]]:
    page = reader_for("thread.json").read(json.dumps(value).encode(), name="thread")
    return [(entry.kind, entry.title) for entry in page.entries if entry.kind is not Kind.ARTICLE]


@pytest.mark.parametrize("key", ["by", "author"])
def test_who_sends_a_message_is_no_author_of_a_paper(key: str):
    messages = (
        "We have no post to fill.<p>Strings too short for strong winds give way before anybody would notice it.",
        "Rope Works | Lund | All kinds of roles<p>Ropes for kites that fly low.<p>Come and see how they are spun!",
    )
    with pytest.raises(ReadError, match="no paper and no job post"):
        found([{key: "benray", "id": n, "text": text, "time": 5} for n, text in enumerate(messages)])


def test_what_a_search_says_twice_of_a_record_is_read_once():
    posts = [
        {
            "author": "benray",
            "comment_text": f"Kite Works {number} | {role} Engineer | Lund, Sweden | Full-time<p>We build kites, "
            f"and want somebody who knows them.<p>Apply: https://kites.test/{number}",
            "story_title": "Who is hiring?",
        }
        for number, role in enumerate(("Sail", "Rope", "Wind", "Frame", "Paint"))
    ]
    marked = [
        {"_marked": {name: {"level": "none", "value": each[name]} for name in each}} | each for each in posts
    ]
    roles = ["Sail Engineer", "Rope Engineer", "Wind Engineer", "Frame Engineer", "Paint Engineer"]
    assert found({"count": 5, "hits": marked}) == [(Kind.JOB, role) for role in roles]


def test_an_address_is_no_company():
    page = table(
        "position,location,company\nSail Engineer,Lund,https://kites.test\nRope Engineer,Oslo,Rope Works\n"
    )
    assert [entry.job and entry.job.company for entry in page.entries] == [None, "Rope Works"]
