"""A place line says country, region and city; other lines are not taken for places."""

from __future__ import annotations

import pytest

from corpus.model import Place
from corpus.place_names import spelt_out
from corpus.places import full_name, is_place, read_places


@pytest.mark.parametrize(
    ("line", "country", "region", "city"),
    [
        ("US, CA, Pasadena", "US", "CA", "Pasadena"),
        ("CA, BC, Vancouver", "CA", "BC", "Vancouver"),
        ("LU, Luxembourg", "LU", None, "Luxembourg"),
        ("IT, Turin", "IT", None, "Turin"),
        ("ES, M, Madrid", "ES", "M", "Madrid"),
        ("AU, VIC, Melbourne", "AU", "VIC", "Melbourne"),
        ("IN, HR, Gurugram", "IN", "HR", "Gurugram"),
        ("US, MA, N.reading", "US", "MA", "North Reading"),
        ("UK, London", "GB", None, "London"),
        ("US, CA", "US", "CA", None),
        ("  DE, BE, Berlin ", "DE", "BE", "Berlin"),
        ("CN, 31, Shanghai", "CN", None, "Shanghai"),
        ("Boston, MA, US", "US", "MA", "Boston"),
        ("Seattle, WA, USA", "US", "WA", "Seattle"),
        ("Bengaluru, Karnataka, India", "IN", "KA", "Bengaluru"),
        ("San Francisco, California", "US", "CA", "San Francisco"),
        ("Toronto, ON", "CA", "ON", "Toronto"),
        ("Berlin, Germany", "DE", None, "Berlin"),
        ("Rio de Janeiro, Brazil", "BR", None, "Rio de Janeiro"),
        ("Seoul, South Korea", "KR", None, "Seoul"),
        ("US, WA, Virtual Location - Washington", "US", "WA", None),
        ("GB, Remote", "GB", None, None),
        ("US, DC, Washington D.C.", "US", "DC", "Washington"),
        ("FR, Ile-de-France, Paris", "FR", "IDF", "Paris"),
        ("CA, Ontario, Toronto", "CA", "ON", "Toronto"),
        ("Munich, Bavaria, Germany", "DE", "BY", "Munich"),
        ("The Hague, The Netherlands", "NL", None, "The Hague"),
        ("Seoul, Republic of Korea", "KR", None, "Seoul"),
        ("Remote", None, None, None),
        ("Remote, US", "US", None, None),
        ("Remote (Germany)", "DE", None, None),
    ],
)
def test_places(line: str, country: str | None, region: str | None, city: str | None) -> None:
    assert read_places(line).places == (Place(line.strip(), country, region, city),)
    assert is_place(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Mark Sellke",
        "Tal Wagner, Yonatan Naamad, Nina Mishra",
        "Ana de la Cruz, Bo An",
        "Graphs, time series, and more",
        "IT, AI, ML",
        "Vision, NLP, AI",
        "IT, is a large field",
        "In 2021, we made contributions",
        "US, CA, Pasadena, and then some",
        "Remote work is good",
        "Remote, wherever you like it",
        "apples, Turkey",
        "A line of prose that ends, as so many do, in Germany",
        "US, " + "a" * 200,
    ],
)
def test_lines_that_are_no_place(line: str) -> None:
    assert not is_place(line)


def test_ca_is_california_only_behind_us() -> None:
    assert read_places("US, CA, Vancouver").places == (Place("US, CA, Vancouver", "US", "CA", "Vancouver"),)
    assert read_places("CA, Vancouver").places == (Place("CA, Vancouver", "CA", None, "Vancouver"),)


def test_an_unknown_region_is_left_out() -> None:
    assert read_places("US, QQ, Springfield").places == (Place("US, QQ, Springfield", "US", None, "Springfield"),)


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("N.reading", "North Reading"),
        ("S. Pasadena", "South Pasadena"),
        ("St. louis", "Saint Louis"),
        ("SEATTLE", "Seattle"),
        ("Frankfurt am Main", "Frankfurt am Main"),
        ("Palo Alto", "Palo Alto"),
    ],
)
def test_cities_are_spelt_out(written: str, full: str) -> None:
    assert spelt_out(written) == full


def test_full_names() -> None:
    assert full_name(Place("US, MA, N.reading", "US", "MA", "North Reading")) == (
        "North Reading, Massachusetts, United States"
    )
    assert full_name(Place("LU, Luxembourg", "LU", None, "Luxembourg")) == "Luxembourg"
    assert full_name(Place("somewhere")) == "somewhere"


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("Lisbon; Porto", ["PT - Lisbon", "PT - Porto"]),
        ("Lyon, Turin, Graz", ["FR - Lyon", "IT - Turin", "AT - Graz"]),
        ("Leeds, UK and Lyon, France", ["GB - Leeds", "FR - Lyon"]),
        ("Reno, NV, Boise, ID", ["US NV Reno", "US ID Boise"]),
        ("Lyon +3", ["FR - Lyon"]),
        ("2 locations: Lyon / Nantes", ["FR - Lyon", "FR - Nantes"]),
        ("Denver, CO (Hybrid) | Remote, Canada", ["US CO Denver", "CA - -"]),
        ("Germany", ["DE - -"]),
        ("Deutschland", ["DE - -"]),
        ("Oregon", ["US OR -"]),
        ("Bay Area", ["US CA -"]),
        ("Greater Lisbon", ["PT - -"]),
        ("NYC", ["US NY New York"]),
        ("Portugal - Porto", ["PT - Porto"]),
        ("US-Remote", ["US - -"]),
        ("US TX Austin", ["US TX Austin"]),
        ("Austin TX", ["US TX Austin"]),
        ("Austin, TX 78701", ["US TX Austin"]),
        ("United States-Oregon-Bend", ["US OR Bend"]),
        ("USA - Bend, OR", ["US OR Bend"]),
        ("MH, IN", ["IN MH -"]),
        ("Fort Wayne, IN", ["US IN Fort Wayne"]),
        ("Munich, DE", ["DE - Munich"]),
        ("Dover, DE", ["US DE Dover"]),
        ("Haifa, IL", ["IL - Haifa"]),
        ("Peoria, IL", ["US IL Peoria"]),
        ("🇵🇹 Porto", ["PT - Porto"]),
        ("東京", ["JP - Tokyo"]),
        ("广州市 · 天河区", ["CN - Guangzhou"]),
        ("Cambridge", ["- - -"]),
        ("Cambridge; Boston, MA", ["US MA Cambridge", "US MA Boston"]),
        ("CA", ["- - -"]),
        ("NY, CA", ["US NY -", "US CA -"]),
        ("Hong Kong", ["HK - Hong Kong"]),
        ("Trinidad and Tobago", ["TT - -"]),
        ("Various", []),
    ],
)
def test_places_of_every_form(words: str, places: list[str]) -> None:
    found = read_places(words).places
    assert [f"{place.country or '-'} {place.region or '-'} {place.city or '-'}" for place in found] == places


@pytest.mark.parametrize(
    ("words", "workplace", "remote_in"),
    [
        ("Remote", "remote", ()),
        ("Remote in Spain", "remote", ("ES",)),
        ("Remote (US/Canada)", "remote", ("US", "CA")),
        ("Remote - Benelux", "remote", ("BE", "NL", "LU")),
        ("Porto, Portugal (hybrid)", "hybrid", ()),
        ("On-site in Porto", "onsite", ()),
        ("Remote - Porto, Portugal", "remote", ()),
        ("Porto", None, ()),
    ],
)
def test_how_and_from_where_a_job_is_done(words: str, workplace: str | None, remote_in: tuple[str, ...]) -> None:
    where = read_places(words)
    assert (where.workplace, where.remote_in) == (workplace, remote_in)


def test_hostile_words_are_read_in_no_time() -> None:
    for words in ("a, " * 2_000, "(" * 4_000, "US-" * 1_300, "Remote or " * 400, "x" * 100_000):
        assert len(read_places(words).places) <= 100
