"""Who may use the page, and what it tells browsers."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.web.security import is_loopback
from bot.web.server import address_of, listen
from corpus.errors import DigestbotError
from tests.bot.web.conftest import Served, page_over

if TYPE_CHECKING:
    from bot.web.place import Place

WRITE = "api/channels/4/messages"


def port(page: Served) -> int:
    return urlsplit(page.address).port or 0


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{}"]
)
async def test_a_foreign_name_that_points_here_gets_nothing(page: Served, host: str) -> None:
    for path in ("", "api/place", "static/page.js"):
        status, said = await page.get(path, Host=host.format(port(page)))
        assert status == 403
        assert "127.0.0.1" in said


@pytest.mark.parametrize("host", ["127.0.0.1:{}", "localhost:{}", "[::1]:{}"])
async def test_its_own_names_are_let_in(page: Served, host: str) -> None:
    assert (await page.get("api/place", Host=host.format(port(page))))[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_cannot_speak_for_the_person(page: Served, headers: dict[str, str]) -> None:
    status, _ = await page.post(WRITE, {"content": "hello"}, **headers)
    assert status == 403
    assert list(page.discord.world.messages()) == []


async def test_another_site_can_link_to_the_page_and_no_more(page: Served) -> None:
    from_afar = {"Sec-Fetch-Site": "cross-site"}
    assert (await page.get("", **from_afar, **{"Sec-Fetch-Mode": "navigate"}))[0] == 200
    for path in ("api/place", "api/events", "static/page.js"):
        assert (await page.get(path, **from_afar))[0] == 403
    assert (await page.get("api/place", **from_afar, **{"Sec-Fetch-Mode": "navigate"}))[0] == 403


@pytest.mark.parametrize("path", ["", "api/place", "static/page.css", "static/../place.py", "nothing"])
async def test_browsers_are_told_to_run_and_fetch_nothing_else(page: Served, path: str) -> None:
    async with page.session.get(page.address + path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_no_file_but_the_pages_own_is_served(page: Served) -> None:
    for path in ("static/../place.py", "static/%2e%2e/place.py", "static/..%2fplace.py", "static/"):
        assert (await page.get(path))[0] in {403, 404}


async def test_beyond_this_machine_the_address_holds_a_token_that_a_cookie_then_keeps(place: Place) -> None:
    async with page_over(place, "0.0.0.0") as page:
        here = f"http://127.0.0.1:{port(page)}/"
        token = parse_qs(urlsplit(page.address).query)["token"][0]
        for wrong in (
            "",
            "?token=",
            f"?token={token[:-1]}",
            "api/place",
            f"api/place?token={token}x",
            "?token=%00é",
        ):
            async with page.session.get(here + wrong, allow_redirects=False) as answer:
                assert answer.status == 403
        async with page.session.post(f"{here}{WRITE}?token={token}", json={"content": "x"}) as answer:
            assert answer.status == 403
        async with page.session.get(f"{here}?token={token}", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/")
            cookie = next(iter(SimpleCookie(answer.headers["Set-Cookie"]).values()))
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        known = {"Cookie": f"{cookie.key}={cookie.value}"}
        async with page.session.get(f"{here}api/place", headers=known) as answer:
            assert answer.status == 200


def test_which_addresses_are_this_machines_alone() -> None:
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "192.168.1.4", "example.org", ""))


def test_an_address_can_be_opened_as_it_is_printed() -> None:
    assert address_of("127.0.0.1", 8777, None) == "http://127.0.0.1:8777/"
    assert address_of("::1", 8777, None) == "http://[::1]:8777/"
    assert "0.0.0.0" not in address_of("0.0.0.0", 8777, "secret")


def test_a_port_that_is_taken_is_told() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(DigestbotError, match="choose another with --port"):
        listen("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(DigestbotError, match=r"cannot be served at 192\.0\.2\.1"):
        listen("192.0.2.1", 0)
