"""Registers the commands, and turns every failure into one line and an exit code."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import typer

from bot.cli.ask import ask
from bot.cli.chat import chat
from bot.cli.console import warn
from bot.cli.evaluate import evaluate, feedback
from bot.cli.exam import calibrate, exam
from bot.cli.ingest import ingest, remove, status
from bot.cli.list import list_corpus
from bot.cli.news import show_news
from bot.cli.serve import run, web
from bot.cli.session import INTERRUPTED
from bot.cli.sources import refresh, source
from corpus.errors import DigestbotError

DONE, FAILED, PIPE_CLOSED = 0, 1, 141

# Typer's base of wrong usage errors has no public name.
_WrongUsage = cast("type[Exception]", typer.BadParameter.__mro__[2])

app = typer.Typer(
    name="digestbot",
    help="Ask research digests, and read cited, verbatim excerpts.",
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(ask)
app.command()(chat)
app.command()(ingest)
app.command("list")(list_corpus)
app.command("news")(show_news)
app.command()(remove)
app.command()(status)
app.add_typer(source)
app.command()(refresh)
app.command()(run)
app.command()(web)
app.command("eval")(evaluate)
app.command()(feedback)
app.command()(exam)
app.command()(calibrate)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrong usage."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the parent process
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - stays open
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old code page loses a letter, not the answer
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    code = DONE
    try:
        code = _dispatch(given)
        sys.stdout.flush()
    except BrokenPipeError:
        code = PIPE_CLOSED
    except OSError as error:
        if code == DONE:
            warn(f"the output cannot be written: {error.strerror}")
        code = FAILED
    else:
        return code
    # Else the interpreter tries to flush again at its end, and complains.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _dispatch(arguments: list[str]) -> int:
    command = typer.main.get_command(app)
    try:
        with command.make_context("digestbot", arguments) as context:
            command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except _WrongUsage as error:
        return _wrong_usage(error)
    except DigestbotError as error:
        warn(str(error))
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last net: users get no traceback
        return _unexpected(error)
    return DONE


def _wrong_usage(error: Exception) -> int:
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "digestbot"
    message = error.format_message().rstrip(".")  # type: ignore[attr-defined]
    warn(f"{message} (see {where} --help)")
    return int(getattr(error, "exit_code", 2))


def _unexpected(error: Exception) -> int:
    if os.environ.get("DIGESTBOT_LOG_LEVEL", "").lower() == "debug":
        traceback.print_exception(error)
    warn(
        f"unexpected {type(error).__name__}: {str(error) or 'no details'} (DIGESTBOT_LOG_LEVEL=debug shows where)"
    )
    return FAILED
