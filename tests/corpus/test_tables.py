"""Tables and records: columns are known by their names and by what stands in them, whatever the format."""

from __future__ import annotations

import json
from datetime import date

import pytest

from corpus.errors import ReadError
from corpus.model import Entry, Kind
from corpus.readers import reader_for


@pytest.fixture(autouse=True)
def _midsummer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DIGESTBOT_TODAY", "2026-06-21")


def read(words: object, name: str = "list.md") -> list[Entry]:
    data = words if isinstance(words, str) else json.dumps(words)
    page = reader_for(name).read(data.encode(), name="list")
    assert all(page.text[entry.span.start : entry.span.end].strip() for entry in page.entries)
    return [entry for entry in page.entries if entry.kind in (Kind.PAPER, Kind.JOB)]


def companies(entries: list[Entry]) -> list[str | None]:
    return [entry.job.company if entry.job else None for entry in entries]


def test_an_arrow_or_an_empty_cell_carries_the_company_down():
    entries = read(
        "| Company | Role | Location | Apply |\n|---|---|---|---|\n"
        "| Reef Works | Diver | Lisbon, Portugal | [Apply](https://r.example/1) |\n"
        "| ↳ | Cook | Lisbon, Portugal | [Apply](https://r.example/2) |\n"
        "| | Pilot | Lisbon, Portugal | [Apply](https://r.example/3) |\n"
        "| Pier Nine | Clerk | Lisbon, Portugal | [Apply](https://p.example/4) |\n"
    )
    assert [entry.title for entry in entries] == ["Diver", "Cook", "Pilot", "Clerk"]
    assert companies(entries) == ["Reef Works", "Reef Works", "Reef Works", "Pier Nine"]
    assert [entry.url for entry in entries] == [f"https://{at}" for at in (
        "r.example/1", "r.example/2", "r.example/3", "p.example/4",
    )]  # fmt: skip


def test_a_cell_that_spans_rows_holds_for_each_of_them():
    entries = read(
        "<table><tr><th>Employer</th><th>Job</th><th>City</th></tr>"
        "<tr><td rowspan=2>Reef Works</td><td>Deck Engineer</td><td>Porto, Portugal</td></tr>"
        "<tr><td>Reef Scientist</td><td>Vigo, Spain</td></tr></table>",
        "list.html",
    )
    assert companies(entries) == ["Reef Works", "Reef Works"]
    assert [entry.place.country for entry in entries if entry.place] == ["PT", "ES"]


def test_a_row_alone_heads_those_below_and_a_repeated_head_is_no_row():
    entries = read(
        'Spring list\nTitle,Authors,Year\nReefs at night,"Ada Moss, Ben Ray",2021\nTitle,Authors,Year\n'
        "Reefs by day,Cy Low and Di Fox,2022\n",
        "list.csv",
    )
    assert [(entry.title, entry.year) for entry in entries] == [("Reefs at night", 2021), ("Reefs by day", 2022)]


def test_a_table_without_heads_is_told_by_what_stands_in_it():
    entries = read(
        "<table><tr><td><a href='https://r.example/1'>Deck Engineer</a></td><td>Porto, Portugal</td></tr>"
        "<tr><td><a href='https://r.example/2'>Reef Scientist</a></td><td>Vigo, Spain</td></tr></table>",
        "list.html",
    )
    assert [(entry.kind, entry.title, entry.url) for entry in entries] == [
        (Kind.JOB, "Deck Engineer", "https://r.example/1"),
        (Kind.JOB, "Reef Scientist", "https://r.example/2"),
    ]


def test_title_and_authors_in_one_cell_are_parted():
    entries = read(
        "| Time | Paper |\n|---|---|\n| 9:00 | **Reefs at night** <br> Ada Moss, Ben Ray |\n"
        "| 9:30 | **Reefs by day** <br> Cy Low and Di Fox |\n| 10:00 | Coffee |\n"
    )
    assert [(entry.title, entry.authors) for entry in entries] == [
        ("Reefs at night", ("Ada Moss", "Ben Ray")),
        ("Reefs by day", ("Cy Low", "Di Fox")),
    ]


def test_each_link_of_a_cell_of_roles_is_a_post():
    entries = read(
        "| Name | Location | Roles |\n|---|---|---|\n"
        "| [Reef Works](https://r.example) | Porto, Portugal | ✅ [Deck Engineer](https://r.example/1) <br>"
        " 🔒 [Reef Scientist](https://r.example/2) |\n"
        "| [Pier Nine](https://p.example) | Vigo, Spain | ✅ [Crane Engineer](https://p.example/3) |\n"
    )
    assert [(entry.title, entry.url) for entry in entries] == [
        ("Deck Engineer", "https://r.example/1"),
        ("Reef Scientist", "https://r.example/2"),
        ("Crane Engineer", "https://p.example/3"),
    ]
    assert companies(entries) == ["Reef Works", "Reef Works", "Pier Nine"]


def test_a_state_belongs_to_the_role_behind_it_and_is_never_a_title():
    entries = read(
        "# Jobs\n\n| Company | Location | Roles | Date Added |\n|---|---|---|---|\n"
        "| Reef Works | Reno, NV | ✅ [Diver](https://r.example/1) <br> 🔒 **[Closed]** 🔒 [Harbour Program]"
        "(https://r.example/2) <br> ✅ [Cook](https://r.example/3) | 04/05/2026 |\n"
        "| Pier Nine | Reno, NV | 🔒 **[Closed]** 🔒 <br> - [Tide Program](https://p.example/4) <br> "
        "- [Clerk](https://p.example/5) | 04/28/2026 |\n"
        "| Quay Ten | Reno, NV | 🔒 **[Closed]** 🔒 <br> [Rotation Program]() | 03/04/2026 |\n"
    )
    assert [(entry.title, entry.job and entry.job.closed is True, entry.url) for entry in entries] == [
        ("Diver", False, "https://r.example/1"),
        ("Harbour Program", True, "https://r.example/2"),
        ("Cook", False, "https://r.example/3"),
        ("Tide Program", True, "https://p.example/4"),
        ("Clerk", True, "https://p.example/5"),
        ("Rotation Program", True, None),
    ]
    # A day above twelve tells the order of all days of its column.
    assert [entry.posted for entry in entries] == [
        *[date(2026, 4, 5)] * 3,
        *[date(2026, 4, 28)] * 2,
        date(2026, 3, 4),
    ]


def test_a_heading_is_the_company_where_the_links_below_lead_to_it():
    table = "| Role | Location | Apply |\n|---|---|---|\n| Deck Engineer | Porto, Portugal | [Apply]({}) |\n"
    entries = read(
        "# Summer\n\n## Reefworks (1 role)\n\n" + table.format("https://jobs.reefworks.example/1")
        + "\n## Europe\n\n" + table.format("https://boards.example/2")
    )  # fmt: skip
    assert companies(entries) == ["Reefworks", None]


def test_lines_above_a_table_hold_for_its_rows():
    (entry,) = read(
        "# Firms\n\n## Reef Works\n\n**Locations**: Porto, Portugal\n\n"
        "| Role | Links |\n|---|---|\n| Deck Engineer | [here](https://boards.example/2) |\n"
    )
    assert companies([entry]) == ["Reef Works"]
    assert entry.place is not None
    assert entry.place.city == "Porto"


@pytest.mark.parametrize(
    "words",
    [
        "| Event | Place | Date |\n|---|---|---|\n| Reef day | Porto, Portugal | 2026-06-01 |\n",
        (
            "| Name | Title | Location |\n|---|---|---|\n| Ada Moss | Research Scientist | Porto, Portugal |\n"
            "| Ben Ray | Research Engineer | Vigo, Spain |\n| Cy Low | Office Manager | Vigo, Spain |\n"
        ),
        "| Model | Score | Speed |\n|---|---|---|\n| Reef-L | 81.2 | 10 |\n| Reef-S | 79.9 | 30 |\n",
        "| Tool | Description | Link |\n|---|---|---|\n| Reefer | Draws reefs | [site](https://r.example) |\n",
        "| API | Description | Auth |\n|---|---|---|\n| [Reefs](https://r.example) | All the reefs | No |\n",
    ],
    ids=["events", "people", "benchmark", "tools", "services"],
)
def test_tables_of_other_things_are_neither_papers_nor_posts(words: str):
    assert read(f"# Reefs\n\n{words}") == []


POST = {"title": "Reef Modeller", "link": "https://jobs.r.example/1"}


@pytest.mark.parametrize(
    "value",
    [
        {"jobs": [{"title": "Reef Modeller", "location": {"name": "Porto, Portugal"}, "absolute_url": POST["link"],
                   "first_published": "2026-06-01T08:00:00-04:00", "departments": [{"id": 7, "name": "Reefs"}]}]},
        [{"text": "Reef Modeller", "opening": "We have modelled reefs since 1990. Join us.",
          "hostedUrl": POST["link"], "categories": {"location": "Porto, Portugal", "team": "Reefs"},
          "createdAt": 1780300800000}],
        {"SearchResult": {"Items": [{"MatchedObjectDescriptor": {
            "PositionTitle": "Reef Modeller", "PositionURI": POST["link"], "DepartmentName": "Reefs",
            "PositionLocation": [{"LocationName": "Porto, Portugal"}], "PublicationStartDate": "2026-06-01"}}]}},
        {"jobPostings": [{"title": "Reef Modeller", "externalUrl": POST["link"],
                          "locationsText": "Porto, Portugal", "department": "Reefs", "postedOn": "2026-06-01"}]},
        {"results": [{"name": "Reef Modeller", "company": {"display_name": "Reef Works"}, "team": "Reefs",
                      "location": {"city": "Porto", "country": "pt"}, "redirect_url": POST["link"],
                      "created": "2026-06-01T00:00:00Z"}]},
        {"@graph": [{"@type": "WebSite", "name": "Reef Works"},
                    {"@type": "JobPosting", "title": "Reef Modeller", "url": POST["link"],
                     "hiringOrganization": {"name": "Reef Works", "department": {"name": "Reefs"}},
                     "jobLocation": {"address": {"addressLocality": "Porto", "addressCountry": "PT"}},
                     "datePosted": "2026-06-01"}]},
    ],
    ids=["named objects", "title under another key", "nested", "columns of text", "city and country", "typed"],
)  # fmt: skip
def test_posts_of_job_boards_are_read_by_their_shape(value: object):
    (entry,) = read(value, "board.json")
    assert (entry.kind, entry.title, entry.url, entry.team) == (Kind.JOB, POST["title"], POST["link"], "Reefs")
    assert entry.place is not None
    assert (entry.place.city, entry.place.country) == ("Porto", "PT")
    assert entry.posted == date(2026, 6, 1)


def test_pay_of_two_keys_is_one_range():
    (entry,) = read([{"position": "Diver", "company": "Reef Works", "location": "Porto, Portugal",
                      "salary_min": 30000, "salary_max": 40000, "currency": "EUR"}], "board.json")  # fmt: skip
    assert entry.job is not None
    assert entry.job.pay is not None
    assert (entry.job.pay.low, entry.job.pay.high, entry.job.pay.currency) == (30000, 40000, "EUR")


def test_every_key_can_be_searched():
    page = reader_for("board.json").read(
        json.dumps(
            [{"position": "Diver", "company": "Reef Works", "perks": ["boat", "snorkel"], "depth_m": 30}]
        ).encode(),
        name="board",
    )
    assert "perks: boat, snorkel" in page.text
    assert "depth_m: 30" in page.text


def test_what_an_outer_object_says_holds_for_those_within():
    (entry,) = read({"Conference": "Reefs", "Year": 2019, "Papers": [{"Title": "Reefs at night",
                     "Authors": ["Ada Moss", "Ben Ray"]}]}, "list.json")  # fmt: skip
    assert (entry.venue, entry.year, entry.authors) == ("Reefs", 2019, ("Ada Moss", "Ben Ray"))


def test_objects_that_are_named_by_their_keys_are_records():
    named = {f"p{n}": {"title": f"Reefs at {n} metres", "authors": ["Ada Moss", "Ben Ray"]} for n in range(3)}
    entries = read(named, "list.json")
    assert [entry.title for entry in entries] == ["Reefs at 0 metres", "Reefs at 1 metres", "Reefs at 2 metres"]


def test_posts_of_a_blog_are_no_papers():
    items = "".join(
        f"<item><title>Thoughts about reefs {n}</title><link>https://b.example/{n}</link><author>Ada Moss</author>"
        "<pubDate>Mon, 01 Jun 2026 10:00:00 GMT</pubDate><description>Reefs are fine.</description></item>"
        for n in range(3)
    )
    assert read(f"<rss version='2.0'><channel><title>A blog</title>{items}</channel></rss>", "blog.rss") == []


def test_a_feed_of_preprints_keeps_all_authors():
    (entry,) = read(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Query</title><entry><title>Reefs at\n night</title>"
        "<id>http://arxiv.org/abs/2301.99999v1</id><published>2023-01-09T00:00:00Z</published>"
        "<author><name>Ada Moss</name></author><author><name>Ben Ray</name></author>"
        "<link href='http://arxiv.org/abs/2301.99999v1'/></entry></feed>",
        "query.atom",
    )
    assert (entry.title, entry.authors, entry.year) == ("Reefs at night", ("Ada Moss", "Ben Ray"), 2023)


def test_yaml_with_tags_and_references_is_plain_data():
    entries = read(
        "- &a\n  title: Reefs at night\n  authors: [Ada Moss, Ben Ray]\n  date: 2021-02-03\n  kind: !thing x\n"
        "- <<: *a\n  title: Reefs by day\n  authors: [Cy Low, Di Fox]\n  date: 2022-02-03\n",
        "list.yml",
    )
    assert [(entry.title, entry.year) for entry in entries] == [("Reefs at night", 2021), ("Reefs by day", 2022)]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("laughs.yml", "a: &a [x, x, x, x, x, x]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(12))),
        ("deep.yml", "[" * 5_000),
        ("strings.bib", "@string{a0 = \"reefs\"}\n"
         + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(60)) + "@misc{a, title=a60 # a60}\n"),
        ("entity.rss", "<!DOCTYPE r [<!ENTITY a 'b'>]><rss><item><title>&a;</title></item></rss>"),
        ("own.yaml", "&a\n- *a\n- reefs\n"),
    ],
)  # fmt: skip
def test_what_unfolds_without_end_is_refused(name: str, words: str):
    with pytest.raises(ReadError) as refused:
        read(words, name)
    assert "\n" not in str(refused.value)


def test_nested_accents_and_long_blanks_are_soon_read():
    accents = "\\'{" * 40 + "e" + "}" * 40
    (entry,) = read(
        f"@misc{{a, title={{Reefs{' ' * 200_000}at night {accents}}}, author={{Ada Moss}}}}", "list.bib"
    )
    assert entry.title.startswith("Reefs at night")
