"""What the page's routes do: the person acts in Discord, and hears what comes of it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.testing.payloads import SIZE_LIMIT
from bot.web import place as live
from tests.bot.discord.scripted import Scripted
from tests.bot.web.conftest import heard

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.testing.fixtures import RunBot, RunCommands
    from tests.bot.web.conftest import Served

PAPERS, DIRECT = "api/channels/3", "api/channels/4"


@pytest.fixture
async def assistant(page: Served, run_bot: RunBot) -> AsyncIterator[Scripted]:
    scripted = Scripted()
    async with run_bot(scripted):
        yield scripted


async def test_a_question_is_heard_and_answered_as_it_happens(page: Served, assistant: Scripted) -> None:
    async with page.session.get(page.address + "api/events") as stream:
        assert (await page.post(DIRECT + "/messages", {"content": "who wrote RLSbench?"}))[0] == 200
        asked = (await heard(stream))["message"]
        assert (asked["content"], asked["author"]["id"], asked["requests"]) == ("who wrote RLSbench?", "1", 0)
        events = [await heard(stream), await heard(stream)]
    (typing,) = [each["typing"] for each in events if "typing" in each]
    (answer,) = [each["message"] for each in events if "message" in each]
    assert typing == "4"
    assert answer["embeds"][0]["title"].startswith("[1] RLSbench")
    assert (await page.get(DIRECT))[1]["messages"] == [asked, answer]


async def test_a_command_shows_that_the_bot_thinks_and_then_its_answer(page: Served, assistant: Scripted) -> None:
    used = {"name": "ask", "options": {"question": "who?"}}
    async with page.session.get(page.address + "api/events") as stream:
        assert await page.post(PAPERS + "/commands", used) == (200, {"form": None})
        first, then = (await heard(stream))["message"], (await heard(stream))["message"]
    assert first["id"] == then["id"]
    assert (first["flags"], first["cause"], then["flags"]) == (1 << 7, "/ask question: who?", 0)
    assert assistant.asked[0]["scope"] == 2


async def test_what_discord_received_is_told_byte_for_byte(page: Served, assistant: Scripted) -> None:
    await page.post(PAPERS + "/commands", {"name": "ask", "options": {"question": "who?"}})
    (message,) = (await page.get(PAPERS))[1]["messages"]
    told = (await page.get(f"api/messages/{message['id']}/requests"))[1]["requests"]
    bodies = [each for each in page.discord.requests if "callback" in each.path or "@original" in each.path]
    assert [each["body"].encode() for each in told] == [each.raw for each in bodies]
    assert json.loads(told[-1]["body"])["embeds"] == bodies[-1].body["embeds"]


async def test_commands_are_those_that_the_bot_registered_for_the_place(page: Served, assistant: Scripted) -> None:
    in_server = {each["name"] for each in (await page.get(PAPERS))[1]["commands"]}
    in_direct = {each["name"] for each in (await page.get(DIRECT))[1]["commands"]}
    assert "digest" in in_server - in_direct
    assert in_direct >= {"ask", "papers", "jobs", "Ask the digest"}


async def test_options_complete_as_in_discord(page: Served, assistant: Scripted) -> None:
    assistant.known = {"author": ["Ada Moss", "Adam Holt", "Ben Ray"]}
    typed = {"name": "papers", "option": "author", "typed": "ad"}
    _, answer = await page.post(PAPERS + "/completions", typed)
    assert [each["value"] for each in answer["choices"]] == ["Ada Moss", "Adam Holt"]


async def test_a_file_reaches_the_bot_as_it_is(page: Served, assistant: Scripted) -> None:
    content = bytes(range(256)) * 300
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("command", json.dumps({"name": "digest add"}))
    form.add_field("file", content, filename="Größe & more.md", content_type="text/markdown")
    assert (await page.post(PAPERS + "/commands", data=form))[0] == 200
    (source,) = assistant.asked[0]["sources"]
    assert (source.path.name, source.data) == ("Größe & more.md", content)
    assert (await page.get(PAPERS))[1]["messages"][0]["content"].startswith("Added: 2 papers")


async def test_a_file_too_large_for_discord_is_told_and_goes_nowhere(page: Served, assistant: Scripted) -> None:
    form = aiohttp.FormData()
    form.add_field("command", json.dumps({"name": "digest add"}))
    form.add_field("file", b"x" * (SIZE_LIMIT + 2**21), filename="large.md")
    status, answer = await page.post(PAPERS + "/commands", data=form)
    assert (status, "10 MB" in answer["error"]) == (413, True)
    assert assistant.asked == []


async def test_a_message_is_put_to_the_bot_by_its_menu(page: Served, assistant: Scripted) -> None:
    _, said = await page.post(PAPERS + "/messages", {"content": "who wrote RLSbench?"})
    assert (await page.post(f"api/messages/{said['id']}/commands", {"name": "Ask the digest"}))[0] == 200
    assert assistant.asked[0]["question"] == "who wrote RLSbench?"


async def test_one_takes_back_ones_own_words_only(page: Served, assistant: Scripted) -> None:
    _, said = await page.post(DIRECT + "/messages", {"content": "who?"})
    await page.discord.settle()
    _, answer = (await page.get(DIRECT))[1]["messages"]
    status, told = await page.post(f"api/messages/{answer['id']}/deletion", {})
    assert (status, told["error"]) == (400, "you can delete your own messages only")
    assert (await page.post(f"api/messages/{said['id']}/deletion", {}))[0] == 200
    assert said["id"] not in [each["id"] for each in (await page.get(DIRECT))[1]["messages"]]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        (DIRECT + "/messages", {"content": ""}, "nobody can send 0 characters"),
        (DIRECT + "/messages", {"content": "x" * 4001}, "nobody can send 4001 characters"),
        (DIRECT + "/messages", {"content": 5}, "content: Input should be a valid string"),
        (DIRECT + "/messages", {"content": "x", "more": 1}, "more: Extra inputs are not permitted"),
        (DIRECT + "/messages", [], "Input should be an object"),
        (DIRECT + "/commands", {"name": "nothing"}, "no command 'nothing' here"),
        (DIRECT + "/commands", {"name": " "}, "no command is named"),
        (DIRECT + "/commands", {"name": "digest add"}, "cannot use 'digest' here"),
        (DIRECT + "/commands", {"name": "ask"}, "cannot be sent without ['question']"),
        (DIRECT + "/commands", {"name": "ask", "options": {"question": "x" * 1001}}, "takes 1 to 1000 characters"),
        (DIRECT + "/commands", {"name": "papers", "options": {"page": True}}, "cannot be True"),
        (DIRECT + "/completions", {"name": "papers", "option": "page"}, "does not complete"),
        ("api/channels/77/messages", {"content": "x"}, "no such channel"),
        ("api/messages/77/components", {"custom_id": "x"}, "the message is gone"),
        ("api/forms/77", {"fields": {}}, "no longer open"),
    ],
)
async def test_what_cannot_be_done_is_told_in_a_line(
    page: Served, assistant: Scripted, path: str, body: Any, said: str
) -> None:
    status, answer = await page.post(path, body)
    assert status == 400
    assert said in answer["error"]
    assert assistant.asked == []


async def test_what_is_no_json_is_told(page: Served) -> None:
    for raw in (b"", b"{", b"\xff\xfe", b"[" * 100_000):
        status, answer = await page.post(DIRECT + "/messages", data=raw)
        assert status == 400
        assert answer["error"]


@app_commands.command(description="Open a form.")
async def form(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Form())


class Form(discord.ui.Modal, title="A form"):
    reason: discord.ui.TextInput[Form] = discord.ui.TextInput(label="Why?", max_length=20)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"You said: {self.reason.value}", ephemeral=True)


async def test_a_form_is_filled_in_once(page: Served, run_commands: RunCommands) -> None:
    async with run_commands(form):
        _, answer = await page.post(DIRECT + "/commands", {"name": "form"})
        opened = answer["form"]
        path, name = f"api/forms/{opened['id']}", opened["components"][0]["components"][0]["custom_id"]
        status, answer = await page.post(path, {"fields": {name: "x" * 21}})
        assert (status, "takes 1 to 20 characters" in answer["error"]) == (400, True)
        assert (await page.post(path, {"fields": {name: "so"}}))[0] == 200
        assert (await page.post(path, {"fields": {name: "again"}}))[0] == 400
    assert [each["content"] for each in (await page.get(DIRECT))[1]["messages"]] == ["You said: so"]


async def test_a_bot_that_does_not_answer_is_told_as_discord_would(
    page: Served, run_commands: RunCommands
) -> None:
    @app_commands.command(description="Say nothing.")
    async def silent(interaction: discord.Interaction) -> None:
        page.discord.clock.advance(4)

    async with run_commands(silent):
        status, answer = await page.post(DIRECT + "/commands", {"name": "silent"})
    assert status == 504
    assert "within 3 s" in answer["error"]


async def test_a_page_that_reads_no_more_is_let_go(
    page: Served, assistant: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_WAITING", 0)
    async with page.session.get(page.address + "api/events") as stream:
        await page.post(PAPERS + "/messages", {"content": "x"})
        assert b"data" not in await asyncio.wait_for(stream.content.read(), 10)
