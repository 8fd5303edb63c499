"""What users get for buttons, selects and forms."""

from __future__ import annotations

import discord
import pytest

from bot.testing.errors import Problems
from bot.testing.rules import check_modal

from .botlet import Botlet, running


class Reason(discord.ui.Modal, title="What was wrong?"):
    reason = discord.ui.TextInput(label="Reason", custom_id="reason", max_length=50)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"noted: {self.reason.value}", ephemeral=True)


class Panel(discord.ui.View):
    """Every way of responding to a component."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="More", custom_id="more")
    async def more(self, interaction: discord.Interaction, _: discord.ui.Button) -> None:
        await interaction.response.edit_message(content="page 2")

    @discord.ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, _: discord.ui.Button) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="page 3")

    @discord.ui.button(label="Whisper", custom_id="whisper")
    async def whisper(self, interaction: discord.Interaction, _: discord.ui.Button) -> None:
        await interaction.response.defer()
        await interaction.followup.send("only you", ephemeral=True)

    @discord.ui.button(label="Bad", custom_id="bad")
    async def bad(self, interaction: discord.Interaction, _: discord.ui.Button) -> None:
        await interaction.response.send_modal(Reason())

    @discord.ui.button(label="Never", custom_id="never", disabled=True)
    async def never(self, interaction: discord.Interaction, _: discord.ui.Button) -> None:
        await interaction.response.defer()

    @discord.ui.select(custom_id="kind", options=[discord.SelectOption(label=x) for x in ("paper", "job")])
    async def kind(self, interaction: discord.Interaction, select: discord.ui.Select) -> None:
        await interaction.response.send_message(f"{select.values[0]}s")


@pytest.fixture
async def panel(place, monkeypatch):
    bot = Botlet()

    @bot.tree.command(description="Show the panel")
    async def show(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("page 1", view=Panel())

    async with running(bot, place.server, monkeypatch):
        yield await place.server.slash(place.alice, "show", channel=place.channel)
    assert not place.server.refused
    assert not place.server.unknown_requests


async def test_button_changes_its_message(place, panel):
    assert [b["label"] for b in panel.buttons] == ["More", "Later", "Whisper", "Bad", "Never"]
    after = await place.server.click(place.alice, panel, custom_id="more")
    assert after.message is panel.message
    assert after.content == "page 2"
    assert len(panel.buttons) == 5
    after = await place.server.click(place.alice, after, custom_id="later")
    assert panel.content == "page 3"


async def test_button_answers_one_user_alone(place, panel):
    bob = place.guild.add_member(place.server.add_user("bob"))
    after = await place.server.click(bob, panel, custom_id="whisper")
    assert after.content == "only you"
    assert after.ephemeral
    assert after.message.audience is bob
    assert after.message not in place.channel.visible()
    assert panel.content == "page 1"


async def test_select_sends_the_choice(place, panel):
    after = await place.server.select(place.alice, panel, custom_id="kind", values=["job"])
    assert after.content == "jobs"
    assert after.message is not panel.message


async def test_form_is_opened_filled_in_and_answered(place, panel):
    opened = await place.server.click(place.alice, panel, custom_id="bad")
    assert opened.modal["title"] == "What was wrong?"
    with pytest.raises(AssertionError, match="takes 1 to 50 characters, not 51"):
        await place.server.submit_modal(place.alice, opened, reason="x" * 51)
    after = await place.server.submit_modal(place.alice, opened, reason="too short")
    assert after.content == "noted: too short"
    assert after.ephemeral


class Choosing(discord.ui.Modal, title="Which one?"):
    """A form with a choice; ``needed`` tells whether one has to be made."""

    def __init__(self, *, needed: bool, least: int) -> None:
        super().__init__()
        options = [discord.SelectOption(label=x) for x in ("paper", "job")]
        self.kind = discord.ui.Select(custom_id="kind", options=options, required=needed, min_values=least)
        self.add_item(discord.ui.Label(text="Kind", component=self.kind))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"chose: {self.kind.values}", ephemeral=True)


async def test_choice_in_a_form_is_one_of_those_offered_and_made_where_it_is_needed(place, monkeypatch):
    bot = Botlet()

    @bot.tree.command(description="Choose")
    async def choose(interaction: discord.Interaction, needed: bool) -> None:
        await interaction.response.send_modal(Choosing(needed=needed, least=int(needed)))

    async with running(bot, place.server, monkeypatch):
        use = lambda **options: place.server.slash(place.alice, "choose", channel=place.channel, **options)  # noqa: E731
        needed, free = await use(needed=True), await use(needed=False)
        with pytest.raises(AssertionError, match=r"offers \['paper', 'job'\], not \['poem'\]"):
            await place.server.submit_modal(place.alice, free, kind="poem")
        with pytest.raises(AssertionError, match="takes 1 to 1 values, not 0"):
            await place.server.submit_modal(place.alice, needed)
        assert (await place.server.submit_modal(place.alice, needed, kind="job")).content == "chose: ['job']"
        assert (await place.server.submit_modal(place.alice, free)).content == "chose: []"
    assert not place.server.refused
    problems = Problems()
    check_modal(Choosing(needed=True, least=0).to_dict(), problems)
    assert [said for _, _, said in problems.found] == ["What has to be filled in needs at least one value."]


async def test_user_cannot_use_what_is_not_there(place, panel):
    with pytest.raises(AssertionError, match="no component 'less'"):
        await place.server.click(place.alice, panel, custom_id="less")
    with pytest.raises(AssertionError, match="'never' is disabled"):
        await place.server.click(place.alice, panel, custom_id="never")
    with pytest.raises(AssertionError, match=r"offers \['paper', 'job'\], not \['article'\]"):
        await place.server.select(place.alice, panel, custom_id="kind", values=["article"])


async def test_button_goes_on_working_after_the_bot_restarts(place, monkeypatch, panel):
    bot = Botlet()
    bot.add_view(Panel())
    await place.server.gateway.drop(4004)  # the first bot takes this as final
    async with running(bot, place.server, monkeypatch):
        after = await place.server.click(place.alice, panel, custom_id="more")
    assert after.content == "page 2"
