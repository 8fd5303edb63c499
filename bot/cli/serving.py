"""The command that serves: ``run``, the Discord bot."""

import asyncio
from contextlib import closing, suppress
from threading import Thread
from typing import TYPE_CHECKING

from bot.cli.console import Out
from bot.cli.options import DataDir
from bot.cli.session import assistant_of, prepare
from corpus.errors import DigestbotError, DiscordSetupError

if TYPE_CHECKING:
    from bot.assistant import Assistant


def run(data_dir: DataDir = None) -> None:
    """Run the Discord bot.

    Its token is taken from DISCORD_TOKEN, in the environment or in .env.

    Example: DISCORD_TOKEN=... digestbot run
    """
    settings = prepare(data_dir, serving=True)
    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    if not token:
        raise DiscordSetupError(
            "DISCORD_TOKEN is not set: put the bot's token from the Discord developer portal into the environment "
            "or into .env"
        )
    from bot.discord.cooldown import Cooldown, Rate
    from bot.discord.service import serve
    from bot.state import StateFile

    with assistant_of(settings, Out(), with_corpus=True) as assistant:
        Thread(target=_warm_up, args=(assistant,), name="warm-up", daemon=True).start()
        cooldown = Cooldown(
            Rate(settings.user_burst, settings.user_per_minute),
            Rate(settings.server_burst, settings.server_per_minute),
        )
        with closing(StateFile(settings.data_dir)) as state:
            asyncio.run(
                serve(assistant, token=token, state=state, cooldown=cooldown, api_url=settings.discord_api_url)
            )


def _warm_up(assistant: "Assistant") -> None:
    """Load the model beside the connecting; where that fails, the first question tells why."""
    with suppress(DigestbotError):
        assistant.warm_up()
