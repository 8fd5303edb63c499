"""What comes, changes and goes around a bot: files, threads, messages, channels, servers."""

from __future__ import annotations

import discord
import pytest

from bot.testing import NotPossibleError, Upload

from .botlet import Botlet, running


class Watcher(Botlet):
    """Notes what goes, reads the files that it is given, and takes channels from a select."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: list[object] = []
        self.threads: list[discord.Thread] = []

        @self.tree.command(description="Read")
        async def read(interaction: discord.Interaction, file: discord.Attachment) -> None:
            await interaction.response.send_message(
                f"{file.filename}: {(await file.read()).decode()}, {file.size}"
            )

        @self.tree.command(description="Choose")
        async def choose(interaction: discord.Interaction) -> None:
            view = discord.ui.View(timeout=None)
            select: discord.ui.ChannelSelect = discord.ui.ChannelSelect(
                custom_id="where", channel_types=[discord.ChannelType.text], max_values=2
            )

            async def chosen(chosen_in: discord.Interaction) -> None:
                names = " ".join(str(channel) for channel in select.values)
                await chosen_in.response.send_message(names)

            select.callback = chosen  # type: ignore[method-assign]
            view.add_item(select)
            await interaction.response.send_message("where?", view=view)

    async def on_raw_message_delete(self, gone: discord.RawMessageDeleteEvent) -> None:
        self.gone.append(gone.message_id)

    async def on_raw_bulk_message_delete(self, gone: discord.RawBulkMessageDeleteEvent) -> None:
        self.gone.append(gone.message_ids)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.gone.append(guild.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.gone.append(channel.id)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        self.threads.append(thread)


@pytest.fixture
async def watcher(place, monkeypatch):
    bot = Watcher()
    async with running(bot, place.server, monkeypatch):
        yield bot


async def test_a_file_is_read_from_the_address_that_the_command_carries(place, watcher):
    file = Upload("notes on café.md", "naïve".encode(), "text/markdown", size=99)
    reply = await place.server.slash(place.alice, "read", channel=place.channel, file=file)
    assert reply.content == "notes on café.md: naïve, 99"


async def test_files_are_given_to_who_has_the_whole_address_only(place, watcher, http):
    wire = place.server.world.files.keep(Upload("a.md", b"words"))
    for url, status in (
        (wire["url"], 200),
        (wire["url"].split("?")[0], 403),
        (wire["url"].replace("a.md", ""), 404),
    ):
        async with http._session.get(url) as answer:
            assert answer.status == status


async def test_an_option_for_a_file_takes_nothing_else(place, watcher):
    with pytest.raises(NotPossibleError, match="takes a file"):
        await place.server.slash(place.alice, "read", channel=place.channel, file="notes.md")


async def test_channels_are_chosen_from_those_of_the_guild_and_kind(place, watcher):
    other = place.guild.add_channel("general")
    thread = place.guild.add_thread(place.channel, "inside")
    elsewhere = place.server.add_guild("Other").add_channel("far")
    reply = await place.server.slash(place.alice, "choose", channel=place.channel)
    chosen = await place.server.select(
        place.alice, reply, custom_id="where", values=[str(other.id), str(place.channel.id)]
    )
    assert chosen.content == "general papers"
    for channel in (thread, elsewhere):
        with pytest.raises(NotPossibleError, match="the select offers"):
            await place.server.select(place.alice, reply, custom_id="where", values=[str(channel.id)])


async def test_deleted_messages_are_told_one_by_one_or_together(place, watcher):
    messages = [await place.server.say(place.alice, place.channel, f"number {n}") for n in range(3)]
    await place.server.delete(messages[0])
    await place.server.delete(*messages[1:])
    await place.server.wait_ready()
    assert watcher.gone == [messages[0].id, {messages[1].id, messages[2].id}]
    assert place.channel.visible() == []


async def test_a_guild_that_is_left_and_one_that_is_lost_are_told_apart(place, watcher):
    other = place.server.add_guild("Other")
    await place.server.wait_ready()
    place.server.remove_bot(other, unavailable=True)
    place.server.remove_bot(place.guild)
    await place.server.wait_ready()
    assert watcher.gone == [place.guild.id]
    assert other.with_bot
    assert not place.guild.with_bot


async def test_a_deleted_channel_is_told_and_unknown_from_then_on(place, watcher, http):
    place.server.delete_channel(place.channel)
    await place.server.wait_ready()
    assert watcher.gone == [place.channel.id]
    status, body = await http("POST", f"/channels/{place.channel.id}/messages", {"content": "hello"})
    assert (status, body["code"]) == (404, 10003)


async def test_a_message_has_one_thread_with_its_own_id(place, watcher, http):
    message = await place.server.say(place.alice, place.channel, "let us talk")
    path = f"/channels/{place.channel.id}/messages/{message.id}/threads"
    status, body = await http("POST", path, {"name": "talk"})
    assert (status, body["id"], body["parent_id"]) == (201, str(message.id), str(place.channel.id))
    await place.server.wait_ready()
    assert [thread.name for thread in watcher.threads] == ["talk"]
    assert (await http("POST", path, {"name": "again"}))[1]["code"] == 160004


@pytest.mark.parametrize("name", ["", "x" * 101])
async def test_a_thread_needs_a_name_of_a_hundred_characters_at_most(place, http, name):
    message = await place.server.say(place.alice, place.channel, "let us talk")
    path = f"/channels/{place.channel.id}/messages/{message.id}/threads"
    assert (await http("POST", path, {"name": name}))[1]["code"] == 50035


async def test_who_may_open_no_threads_opens_none(place, http):
    place.channel.bot_may_open_threads = False
    message = await place.server.say(place.alice, place.channel, "let us talk")
    path = f"/channels/{place.channel.id}/messages/{message.id}/threads"
    assert (await http("POST", path, {"name": "talk"}))[1]["code"] == 50013
