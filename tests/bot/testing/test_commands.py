"""How commands are registered, kept and refused."""

from __future__ import annotations

import discord
import pytest

from .botlet import Botlet, running


def command(name="ask", **parts):
    return {"name": name, "description": "Ask"} | parts


def option(name="question", **parts):
    return {"type": 3, "name": name, "description": "What"} | parts


@pytest.fixture
def path(server):
    return f"/applications/{server.bot.id}/commands"


async def test_registering_twice_keeps_ids_and_versions(http, path):
    _, first = await http("PUT", path, [command(), command("help")])
    _, again = await http("PUT", path, [command("help"), command()])
    assert sorted(c["id"] + c["version"] for c in first) == sorted(c["id"] + c["version"] for c in again)
    _, changed = await http("PUT", path, [command(description="Ask more")])
    assert changed[0]["id"] == first[0]["id"]
    assert changed[0]["version"] != first[0]["version"]
    assert [c["name"] for c in (await http("GET", path))[1]] == ["ask"]


async def test_single_commands_are_created_changed_and_deleted(http, path):
    status, made = await http("POST", path, command())
    assert status == 201
    assert (await http("POST", path, command(description="Again")))[0] == 200
    one = f"{path}/{made['id']}"
    assert (await http("PATCH", one, {"description": "Other"}))[1]["description"] == "Other"
    assert (await http("GET", one))[1]["description"] == "Other"
    assert (await http("DELETE", one))[0] == 204
    assert (await http("GET", one))[1]["code"] == 10063


async def test_guild_command_is_offered_in_its_guild_alone(place, monkeypatch):
    bot = Botlet()

    @bot.tree.command(description="Here", guild=discord.Object(place.guild.id))
    async def here(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here")

    async with running(bot, place.server, monkeypatch):
        await bot.tree.sync(guild=place.guild)
        assert (await place.server.slash(place.alice, "here", channel=place.channel)).content == "here"
        with pytest.raises(AssertionError, match="no command 'here'"):
            await place.server.slash(place.alice, "here")
        kept = await bot.tree.fetch_commands(guild=place.guild)
    assert [c.name for c in kept] == ["here"]


BAD = {
    "capital in the name": command("Ask"),
    "blank in the name": command("ask me"),
    "no description": {"name": "ask"},
    "description of 101": command(description="x" * 101),
    "26 options": command(options=[option(f"o{n}") for n in range(26)]),
    "option twice": command(options=[option(), option()]),
    "required after optional": command(options=[option(), option("more", required=True)]),
    "choices and autocomplete": command(
        options=[option(autocomplete=True, choices=[{"name": "a", "value": "a"}])]
    ),
    "26 choices": command(options=[option(choices=[{"name": str(n), "value": str(n)} for n in range(26)])]),
    "choice of another type": command(options=[option(choices=[{"name": "a", "value": 5}])]),
    "context menu with a description": {"name": "Ask the digest", "type": 3, "description": "x"},
    "more than 8000 characters": command(
        options=[
            option(f"o{n}", choices=[{"name": f"{n} {m}" + "x" * 90, "value": "y" * 90} for m in range(25)])
            for n in range(2)
        ]
    ),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_bad_command_is_refused(server, http, path, body):
    status, answer = await http("PUT", path, [command("good"), body])
    assert (status, answer["code"]) == (400, 50035)
    assert set(answer["errors"]) == {"1"}
    assert len(server.refused) == 1
    assert (await http("GET", path))[1] == []


async def test_single_command_is_held_to_the_same_rules(http, path):
    _, answer = await http("POST", path, command("Ask"))
    assert set(answer["errors"]) == {"name"}
    await http("PUT", path, [command(), command("help")])
    one = (await http("GET", path))[1][0]
    _, answer = await http("PATCH", f"{path}/{one['id']}", {"name": "help"})
    assert answer["errors"]["name"]["_errors"][0]["code"] == "APPLICATION_COMMANDS_DUPLICATE_NAME"


async def test_there_is_an_end_to_commands_and_to_creations_a_day(server, http, path):
    many = [command(f"c{n}") for n in range(101)]
    assert (await http("PUT", path, many))[1]["code"] == 30032
    assert (await http("PUT", path, many[:100]))[0] == 200
    assert (await http("PUT", path, [command(f"d{n}") for n in range(100)]))[0] == 200
    assert (await http("PUT", path, [command("one-more")]))[1]["code"] == 30034
    server.clock.advance(86_401)
    assert (await http("PUT", path, [command("one-more")]))[0] == 200
