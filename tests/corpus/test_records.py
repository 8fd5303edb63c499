"""Papers and posts as repeated records: whatever make a page has, what its records show together decides."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise, starmap
from typing import TYPE_CHECKING

import pytest

from corpus.model import Kind
from corpus.readers import reader_for
from corpus.readers.draft import Context, Fact
from corpus.readers.records import Findings, find_records

if TYPE_CHECKING:
    from corpus.readers.draft import Draft


def find(text: str, name: str = "page.md") -> Findings:
    tree = reader_for(name).tree(text.encode())
    return find_records(tree, Context(tree.text, date(2026, 6, 10)))


def said(draft: Draft, fact: Fact) -> list[str]:
    return [each.text for each in draft.said.get(fact, [])]


def papers(text: str, name: str = "page.md") -> list[tuple[str, list[str]]]:
    drafts = [draft for draft in find(text, name).drafts if draft.kind is Kind.PAPER]
    return [(said(draft, Fact.TITLE)[0], said(draft, Fact.AUTHORS)) for draft in drafts]


def posts(text: str, name: str = "page.md") -> list[tuple[str, list[str], list[str]]]:
    drafts = [draft for draft in find(text, name).drafts if draft.kind is Kind.JOB]
    return [(said(draft, Fact.TITLE)[0], said(draft, Fact.COMPANY), said(draft, Fact.PLACE)) for draft in drafts]


TWO = [
    ("Lamps that outlast the winter", ["Nora Ek", "Olaf Berg"]),
    ("How a bridge learns to sing", ["Pia Lind", "Ruth Dahl", "Mausam"]),
]
MAKES = {
    "a bold title, people behind": "* **{0}**, {1}\n* **{2}**, {3}\n",
    "people first, then a linked title": "* (Poster 1): {1}. [{0}](https://x.test/1)\n"
    "* (Poster 2): {3}. [{2}](https://x.test/2)\n",
    "title, break, people": "**{0}**<br>_{1}_\n\n**{2}**<br>_{3}_\n",
    "a heading and labels": "### {0}\n\n**Authors:** {1}\n\nText.\n\n### {2}\n\n**Authors:** {3}\n\nText.\n",
    "a sentence each": "{0}. {1}. (FP)\n\n{2}. {3}. (FP)\n",
    "a citation": '1. {1}. "{0}." Acta 3 (2019): 4-9.\n2. {3}. "{2}." Acta 4 (2020): 1-3.\n',
    "people in brackets": "- **{0}** ({1})\n- **{2}** ({3})\n",
    "lines of a paragraph": "{0}<br>{1}<br>{2}<br>{3}\n",
}


@pytest.mark.parametrize("make", MAKES)
def test_papers_of_any_make(make: str) -> None:
    words = [TWO[0][0], "Nora Ek and Olaf Berg", TWO[1][0], "Pia Lind, Ruth Dahl and Mausam"]
    assert papers("# Accepted papers\n\n" + MAKES[make].format(*words)) == TWO


def test_what_the_others_show_decides_for_the_odd_one() -> None:
    items = "".join(f"* **Lamps of the {n}th winter**<br>Nora Ek, Olaf Berg\n" for n in range(4, 9))
    found = papers(f"# Papers\n\n{items}* **iLamp: small light**<br>Mausam\n")
    assert found[-1] == ("iLamp: small light", ["Mausam"])


def test_titles_alone_are_papers_where_their_links_say_so() -> None:
    text = (
        "# Reading\n\n## {0}\n\n- [Lamps and their oil](https://{1}/1)\n- [Wicks at night](https://{1}/2)\n"
        "- [A short history of glass](https://{1}/3)\n"
    )
    assert [title for title, _ in papers(text.format("Light", "arxiv.org/abs"))] == [
        "Lamps and their oil",
        "Wicks at night",
        "A short history of glass",
    ]
    assert papers(text.format("Tools", "shop.test")) == []


@pytest.mark.parametrize("heading", ["Program committee", "Organizers", "Invited speakers", "Alumni"])
def test_people_are_no_papers(heading: str) -> None:
    people = "- [Nora Ek](/n) (Uppsala University)\n- Olaf Berg, Acme Labs\n- Pia Lind\n"
    assert papers(f"# Workshop on light\n\n## {heading}\n\n{people}") == []


def test_people_beside_where_they_work_are_no_papers_whatever_their_heading() -> None:
    staff = {
        "Nora Ek": "University of Uppsala, Sweden",
        "Olaf Berg": "Lund University, Sweden",
        "Pia Lind": "University of Oslo, Norway",
        "Ada Moss": "Aalto University, Finland",
        "Ben Ray": "University of Leeds, UK",
    }
    rows = "".join(starmap("<tr><td>{}</td><td>{}</td></tr>".format, staff.items()))
    assert papers(f"## Program Committee\n\n### Research Track\n\n<table><tbody>{rows}</tbody></table>\n") == []


def test_events_and_menus_are_no_papers() -> None:
    assert (
        papers("# News\n\n- 2026-01-04 | Lund | [Lamp Makers](/a)\n- 2026-02-05 | Malmö | [Glass Club](/b)\n")
        == []
    )
    assert papers("# Site\n\n- [Home](/)\n- [About](/about)\n- [Team](/team)\n") == []


def test_a_paper_takes_the_nearest_title_and_its_section() -> None:
    found = find("# Papers\n\n## Glass\n\n**Lamps at sea**<br>Nora Ek, Olaf Berg\n")
    assert [(said(d, Fact.TITLE), d.headings) for d in found.drafts] == [(["Lamps at sea"], ("Papers", "Glass"))]


def test_posts_of_a_newsletter_have_their_company_from_the_line_above() -> None:
    text = (
        "# Week 3\n\n## Jobs\n\n**Acme Glass**\n\n* [Kiln Engineer (Lund, Sweden)](https://acme.test/1)\n"
        "* [Data Scientist (Remote)](https://acme.test/2)\n\n**Nordlys**\n\n"
        "* [Lamp Technician (Oslo, Norway)](https://n.test/1)\n"
    )
    assert posts(text) == [
        ("Kiln Engineer", ["Acme Glass"], ["Lund, Sweden"]),
        ("Data Scientist", ["Acme Glass"], ["Remote"]),
        ("Lamp Technician", ["Nordlys"], ["Oslo, Norway"]),
    ]


@pytest.mark.parametrize("lead", ["KILN {}: ", "[KILN {}] ", "ACM Lamp {}: ", "KILN {}: ["])
def test_a_venue_and_year_that_lead_the_titles_of_a_list_are_none_of_them(lead: str) -> None:
    end = "](https://arxiv.org/pdf/1)" if lead.endswith(" [") else ""
    titles = ("Slow fires under thin glass", "Kilns: a short history of heat", "Lamps that burn without oil")
    drafts = find(
        "# Papers\n\n"
        + "".join(
            f"- {lead.format(2014 + i)}{title}{end} [[Paper]](https://arxiv.org/abs/2{i}01.00001)\n"
            for i, title in enumerate(titles)
        )
    ).drafts
    assert [said(draft, Fact.TITLE)[0] for draft in drafts] == list(titles)
    assert [said(draft, Fact.YEAR)[0] for draft in drafts] == ["2014", "2015", "2016"]
    assert {said(draft, Fact.VENUE)[0] for draft in drafts} == {lead.format("").strip(" :[]")}


def test_a_year_that_leads_one_title_of_a_list_stays_in_it() -> None:
    titles = (
        "Glass in 1900: a look back at old kilns",
        "Slow fires under thin glass",
        "Lamps that burn without oil",
    )
    items = "".join(f"- {title} [[Paper]](https://arxiv.org/abs/2{i}01.1)\n" for i, title in enumerate(titles))
    assert [title for title, _ in papers("# Papers\n\n" + items)] == list(titles)


def test_a_linked_role_is_followed_by_its_house_and_place() -> None:
    text = (
        "# Vacancies\n\n"
        "* [Kiln Engineer / Glass Technician](https://a.test/1), Department of Glass, University of Lund, Sweden"
        " - closes 3 May 2026\n"
        "* [Data Scientist (6 months)](https://b.test/2), The Lamp Foundation, Oslo, Norway - closes 4 May 2026\n"
    )
    assert posts(text) == [
        ("Kiln Engineer / Glass Technician", ["University of Lund"], ["Sweden"]),
        ("Data Scientist (6 months)", ["The Lamp Foundation"], ["Oslo, Norway"]),
    ]


def test_posts_under_company_lines_are_judged_together() -> None:
    text = "# Week 3\n\n## Jobs\n\n" + "".join(
        f"**{company}**\n\n" + "".join(f"* [{role}](https://{host}/{role[:4]})\n" for role in roles) + "\n"
        for company, host, roles in (
            ("Acme Glass", "acme.test", ("Kiln Engineer (Lund, Sweden)", "Data Scientist (Remote)")),
            ("Nordlys", "n.test", ("Lamp Technician (Oslo, Norway)",)),
            (
                "Brenna Light",
                "board.test/brenna",
                ("Lens Engineer - Core", "Software Engineer - Kiln", "See the others"),
            ),
        )
    )
    assert [post[:2] for post in posts(text)][-2:] == [
        ("Lens Engineer - Core", ["Brenna Light"]),
        ("Software Engineer - Kiln", ["Brenna Light"]),
    ]


def test_sentences_under_open_positions_name_the_roles_that_are_sought() -> None:
    items = (
        "- We are looking for a PhD student to work on lamps, see [here](/phd.html).\n"
        "- Also, we are hiring two research assistants with a love of glass.\n- We are looking for new ideas.\n"
    )
    assert [post[0] for post in posts(f"# Lab\n\n## Open positions\n\n{items}")] == [
        "PhD student",
        "Two research assistants",
    ]
    assert posts(f"# Lab\n\n## News\n\n{items}") == []


def test_posts_of_a_thread() -> None:
    text = "<h1>Who is hiring?</h1>" + "".join(
        f"<div><p>{line}</p><p>We make light.</p></div>"
        for line in (
            "Acme Glass | Kiln Engineer | Lund, Sweden | ONSITE",
            "Nordlys | Lens Scientist | REMOTE (EU) | Full-time",
        )
    )
    assert [post[:2] for post in posts(text, "page.html")] == [
        ("Kiln Engineer", ["Acme Glass"]),
        ("Lens Scientist", ["Nordlys"]),
    ]


def test_a_list_of_people_and_their_roles_is_no_list_of_posts() -> None:
    assert posts("# Team\n\n- Nora Ek, Research Engineer\n- Olaf Berg, PhD student\n- Pia Lind, Postdoc\n") == []


def test_past_positions_are_left_out() -> None:
    text = "# Openings\n\n## {0}\n\n- [PhD position in optics](/1.pdf)\n- [PhD position in glass](/2.pdf)\n"
    assert len(posts(text.format("Open positions"))) == 2
    assert posts(text.format("Past positions")) == []


def test_an_advert_is_one_post() -> None:
    text = "PhD position in glass\n\nThe lab seeks a PhD student.\n\nLocation: Lund, Sweden\nSalary: 30,000 SEK\n"
    assert [post[0] for post in posts(text, "page.txt")] == ["PhD position in glass"]


def test_records_do_not_overlap() -> None:
    drafts = find(
        "# Papers\n\n"
        + MAKES["title, break, people"].format("A lamp", "Nora Ek, Olaf Berg", "B lamp", "Pia Lind, Ruth Dahl")
    ).drafts
    assert all(one.span.end <= other.span.start for one, other in pairwise(drafts))
    assert len(drafts) == 2


def test_a_long_list_is_read_in_time_that_grows_with_it() -> None:
    began = time.process_time()
    find("- a b c d\n" * 20_000)
    assert time.process_time() - began < 20
