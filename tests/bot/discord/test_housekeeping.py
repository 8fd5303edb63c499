"""What has been kept for long enough goes, and nothing before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.discord.bot_context import BotContext
from bot.discord.client import GRACE, Housekeeping
from bot.discord.conversations import Conversations
from bot.discord.worker_pool import WorkerPool
from bot.state.guilds import DEFAULTS, GuildStore
from bot.state.subscriptions import Subscriptions
from tests.bot.discord.scripted import Scripted, document, state

if TYPE_CHECKING:
    from bot.testing import Channel, Guild, Loopback, User
    from tests.bot.discord.conftest import Start

PRIVATE_ON = "settings:private:on"


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def test_pages_of_a_server_go_thirty_days_after_the_bot_was_last_in_it() -> None:
    common, left, kept = document("common", "C"), document("left", "L", scope=1), document("kept", "K", scope=2)
    gone = document("gone", "G", scope=1, gone=datetime(2026, 1, 1, tzinfo=UTC))
    assistant, clock = Scripted(documents=[common, left, kept, gone]), Clock()
    context = BotContext(WorkerPool(assistant), Conversations(), state())
    housekeeping = Housekeeping(context, clock=clock)
    await housekeeping.once([1, 2])
    context.subscriptions.add(5, 1, 6, "bandits", 0)  # the bot was taken out of the server while it did not run
    clock.now += GRACE - 1
    await housekeeping.once([2])
    assert assistant.documents == [common, left, kept, gone]
    clock.now += 2
    await housekeeping.once([2])
    assert assistant.documents == [common, kept]
    assert context.guilds.file.unseen_since(clock.now + 1) == [2]
    assert context.subscriptions.all() == []
    context.workers.close()


async def test_a_server_that_the_bot_comes_back_to_loses_nothing() -> None:
    assistant, clock = Scripted(documents=[document("own", "O", scope=1)]), Clock()
    context = BotContext(WorkerPool(assistant), Conversations(), state())
    housekeeping = Housekeeping(context, clock=clock)
    await housekeeping.once([1])
    clock.now += 2 * GRACE  # the bot did not run for long
    await housekeeping.once([1])
    assert assistant.documents
    context.workers.close()


async def test_leaving_a_server_takes_its_settings_and_subscriptions_at_once_and_its_pages_not_yet(
    loopback: Loopback, start: Start, alice: User, channel: Channel, guild: Guild
) -> None:
    assistant, kept = Scripted(), state()
    assistant.documents.append(document("own", "Ours", scope=guild.id))
    async with start(assistant, kept):
        panel = await loopback.slash(alice, "settings", channel=channel)
        await loopback.click(alice, panel, custom_id=PRIVATE_ON)
        for where in ("here", "dm"):
            await loopback.slash(alice, "subscribe", channel=channel, query="bandits", where=where)
        loopback.remove_bot(guild)
        guilds = GuildStore(kept)
        await loopback.until(lambda: guilds.load(guild.id) == DEFAULTS, "the settings go")
        assert len(assistant.documents) == 2
        subscriptions = Subscriptions(kept)
        await loopback.until(lambda: len(subscriptions.all()) == 1, "the subscription here goes")
        assert subscriptions.all()[0].channel is None


async def test_a_server_that_cannot_be_reached_keeps_its_settings(
    loopback: Loopback, start: Start, alice: User, channel: Channel, guild: Guild
) -> None:
    kept = state()
    async with start(Scripted(), kept):
        panel = await loopback.slash(alice, "settings", channel=channel)
        await loopback.click(alice, panel, custom_id=PRIVATE_ON)
        loopback.remove_bot(guild, unavailable=True)
        await loopback.settle()
        assert (await loopback.direct_message(alice, "who?")).embeds
        assert GuildStore(kept).load(guild.id).private
