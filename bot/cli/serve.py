"""The commands ``run`` (the Discord bot) and ``web`` (the page)."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import DataDir, Out
from bot.cli.session import assistant_of, beside, prepare, warm_up
from bot.process import settle
from corpus.errors import DiscordSetupError

if TYPE_CHECKING:
    from bot.assistant import Assistant

_TURN = 0.0005
"""Seconds after which a worker thread yields to the event loop; Python's default is ten times that."""


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
    import asyncio

    from bot.discord.rate_limit import Cooldown, Rate
    from bot.discord.service import ServiceOptions, serve
    from bot.state import StateFile

    running = ServiceOptions(shards=settings.shards, metrics_port=settings.metrics_port, announce=announce)
    sys.setswitchinterval(_TURN)
    cooldown = Cooldown(
        Rate(settings.user_burst, settings.user_per_minute),
        Rate(settings.server_burst, settings.server_per_minute),
    )
    with (
        assistant_of(settings, Out(), with_corpus=True) as assistant,
        closing(StateFile(settings.data_dir)) as state,
        beside(partial(_warm_up, assistant)),
    ):
        service = serve(
            assistant,
            token=token,
            state=state,
            cooldown=cooldown,
            sources=assistant.sources,
            api_url=settings.discord_api_url,
            running=running,
        )
        asyncio.run(service)


def web(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes one that is free.")] = 8777,
    host: Annotated[
        str, typer.Option(help="Address to listen on; any but this machine's own asks for a token.")
    ] = "127.0.0.1",
    data_dir: DataDir = None,
) -> None:
    """Talk to the bot in a page that shows each reply as Discord would.

    It needs no Discord and no token: the bot runs against a Discord of its own, on this machine.

    Example: digestbot web --port 8777
    """
    settings = prepare(data_dir)
    import asyncio

    from bot.process import set_up_logs
    from bot.state import StateFile
    from bot.web.server import listen, serve_page

    set_up_logs(settings.log_level or "warning")
    with (
        listen(host, port) as listener,
        assistant_of(settings, Out(), with_corpus=True) as assistant,
        # A state of its own: the Discord bot's servers in this folder are none of the page's.
        closing(StateFile(settings.data_dir / "page")) as state,
        beside(partial(_warm_up, assistant)),
    ):
        tell = lambda address: announce(f"The page is at {address} (Ctrl-C stops it)")  # noqa: E731
        asyncio.run(serve_page(assistant, state=state, listener=listener, announce=tell))


def announce(lines: str) -> None:
    """Print and flush at once: the bot runs for days, perhaps without a reader."""
    with suppress(OSError):
        sys.stdout.write(f"{lines}\n")
        sys.stdout.flush()


def _warm_up(assistant: Assistant) -> None:
    """Load the model while the bot connects."""
    warm_up(assistant)
    settle()
