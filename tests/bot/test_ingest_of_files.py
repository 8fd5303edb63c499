"""PDF and Word files through the whole: taken from folders and the web, answered from, cited with their page."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import TYPE_CHECKING

from bot.cli.answers import show_answer
from bot.discord.render import citation_embed
from bot.fetching import _suffix
from bot.ingest import Source
from corpus.store import Filter
from tests.corpus.pdf_files import LEFT, Sheet
from tests.corpus.word_files import WordFile, run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from bot.assistant import Assistant


def sheet() -> bytes:
    made = Sheet()
    made.put("On kites", LEFT, 50, size=20)
    made.column("Kites carry lanterns over the lake in summer.", y=90)
    made.add_page()
    made.put("On strings", LEFT, 50, size=14)
    made.column("Braided strings outlast twisted strings in salty rain.", y=90)
    return made.data()
