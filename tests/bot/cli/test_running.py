"""What `run` needs before the Discord bot starts."""

import socket
import sys
import types
from threading import Event

import pytest

from bot.discord.service import ServiceOptions
from corpus.errors import DiscordSetupError


@pytest.fixture
def service(monkeypatch):
    """A stand-in for the Discord service that notes how it was called."""
    served = {}

    async def serve(assistant, *, token, state, cooldown, sources, api_url, running):
        served.update(assistant=assistant, token=token, cooldown=cooldown, sources=sources)
        served.update(api_url=api_url, running=running)
        if token == "refused":
            if "called" in served:
                served["called"].set()
            raise DiscordSetupError("Discord refuses the token")

    monkeypatch.setitem(
        sys.modules, "bot.discord.service", types.SimpleNamespace(serve=serve, ServiceOptions=ServiceOptions)
    )
    return served


def test_run_without_a_token_says_where_to_put_it(digestbot, assistant, service):
    ran = digestbot("run")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("digestbot: DISCORD_TOKEN is not set: ")
    assert len(ran.err.splitlines()) == 1
    assert service == {}


def test_run_serves_with_the_token_over_a_corpus_that_is_there(digestbot, assistant, service, monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", " token-of-mine ")
    monkeypatch.setenv("DISCORD_API_URL", "http://127.0.0.1:1/api/v10")
    monkeypatch.setenv("DIGESTBOT_USER_BURST", "2")
    monkeypatch.setenv("DIGESTBOT_SHARDS", "4")
    monkeypatch.setenv("DIGESTBOT_METRICS_PORT", "9100")
    assert digestbot("run").code == 0
    assert [service["cooldown"].ask(7, 1) is None for _ in range(3)] == [True, True, False]
    del service["cooldown"]
    running = service.pop("running")
    assert (running.shards, running.metrics_port) == (4, 9100)
    assert service == {
        "assistant": assistant, "token": "token-of-mine", "sources": None, "api_url": "http://127.0.0.1:1/api/v10",
    }  # fmt: skip
    assert assistant.calls == ["ensure_corpus", "close"]
    assert assistant.warm.wait(10), "the model is loaded before the first question"


def test_a_refused_token_is_one_line(digestbot, assistant, service, monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "refused")
    ran = digestbot("run")
    assert (ran.code, ran.err) == (1, "digestbot: Discord refuses the token\n")


def test_a_bot_that_cannot_start_waits_for_its_model_before_the_interpreter_ends(
    digestbot, assistant, service, monkeypatch
):
    def warm_up():
        assert service["called"].wait(10)
        assistant.calls.append("warm")

    service["called"], assistant.warm_up = Event(), warm_up
    monkeypatch.setenv("DISCORD_TOKEN", "refused")
    assert digestbot("run").code == 1
    assert assistant.calls == ["ensure_corpus", "warm", "close"]


def test_web_on_a_port_that_is_taken_is_one_line_and_opens_nothing(digestbot, assistant):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = digestbot("web", "--port", port)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"digestbot: the page cannot be served at 127.0.0.1, port {port} (")
    assert len(ran.err.splitlines()) == 1
    assert assistant.calls == []


def test_web_is_served_with_a_state_of_its_own(digestbot, assistant, monkeypatch, tmp_path):
    seen = {}

    async def serve_page(assistant, *, state, listener, announce):
        seen.update(assistant=assistant, state=state.path, port=listener.getsockname()[1])
        announce("http://127.0.0.1:8777/")

    monkeypatch.setattr("bot.web.server.serve_page", serve_page)
    ran = digestbot("web", "--port", "0")
    assert (ran.code, ran.out) == (0, "The page is at http://127.0.0.1:8777/ (Ctrl-C stops it)\n")
    assert seen["assistant"] is assistant
    assert seen["state"] == tmp_path / "data" / "page" / "state.sqlite"
    assert seen["port"] > 0
    assert assistant.calls == ["ensure_corpus", "close"]


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_web_on_what_is_no_port_is_wrong_usage(digestbot, assistant, port):
    assert digestbot("web", "--port", port).code == 2
