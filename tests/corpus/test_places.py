"""A place line says country, region and city; other lines are not taken for places."""

from __future__ import annotations

import pytest

from corpus.model import Place
from corpus.places import country_first, full_name, parse_place, spelt_out


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
    assert parse_place(line) == Place(line.strip(), country, region, city)


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
    assert parse_place(line) is None


def test_ca_is_california_only_behind_us() -> None:
    assert parse_place("US, CA, Vancouver") == Place("US, CA, Vancouver", "US", "CA", "Vancouver")
    assert parse_place("CA, Vancouver") == Place("CA, Vancouver", "CA", None, "Vancouver")


def test_an_unknown_region_is_left_out() -> None:
    assert parse_place("US, QQ, Springfield") == Place("US, QQ, Springfield", "US", None, "Springfield")


def test_country_first_takes_no_other_order() -> None:
    assert country_first("Berlin, Germany") is None
    assert country_first("DE, Berlin") == Place("DE, Berlin", "DE", None, "Berlin")


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
