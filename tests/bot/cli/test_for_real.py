"""The command line as a process of its own, with the real assistant over a page of the owner's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = """\
---
title: Notes on sleep
venue: SLEEP
year: 2031
---

# Notes on sleep

## Counting

### Sheep as a clock

- **Authors:** Ada One, Bo Two
- **Venue:** SLEEP 2031

The authors time how long sheep take to leap a fence, and show that insomniacs count them twice as fast.
"""
LIGHT = """
import sys
from bot.cli import main
code = main(sys.argv[1:])
names = {"torch", "sentence_transformers", "transformers", "onnxruntime", "discord", "aiohttp", "faiss", "tantivy"}
names |= {"numpy", "scipy", "sklearn", "pypdfium2", "lxml", "feedparser", "prometheus_client", "prompt_toolkit"}
heavy = sorted(names & set(sys.modules))
print("loaded:", code, *heavy)
"""


def run(folder, *arguments, typed=""):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIGESTBOT_", "DISCORD_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        env=kept | {"DIGESTBOT_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        cwd=folder, input=typed, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a page that has been ingested into ``data``; its tests only look."""
    folder = tmp_path_factory.mktemp("owner")
    (folder / "pages").mkdir()
    (folder / "pages" / "Sleep notes.md").write_text(PAGE, encoding="utf-8")
    (folder / "pages" / "broken.md").write_bytes(b"\x00\x01\x02\x03" * 50)
    ingested = run(folder, "-m", "bot", "ingest", "pages")
    assert ingested.returncode == 1
    assert ingested.stdout.startswith("new        sleep-notes  1 paper")
    # Where the model was never exported before, a line says that it is now.
    (failure,) = [line for line in ingested.stderr.splitlines() if "preparing the model" not in line]
    assert failure.startswith("digestbot: ")
    assert "broken.md: " in failure
    return folder


def test_ingesting_again_embeds_nothing(folder):
    again = run(folder, "-m", "bot", "ingest", "pages/Sleep notes.md")
    assert (again.returncode, again.stderr, again.stdout) == (0, "", "unchanged  sleep-notes\n")


def test_a_question_is_answered_with_the_words_of_the_page(folder):
    asked = run(folder, "-m", "bot", "ask", "how fast do insomniacs count sheep?", "--json")
    assert (asked.returncode, asked.stderr) == (0, "")
    (first,) = [each for each in json.loads(asked.stdout)["citations"] if each["title"] == "Sheep as a clock"]
    assert first["excerpt"].endswith("insomniacs count them twice as fast.")
    assert "**" not in first["excerpt"]
    assert first["document"] == "sleep-notes"


def test_a_piped_conversation_is_answered_line_by_line(folder):
    chat = run(folder, "-m", "bot", "chat", typed="who wrote the paper on sheep as a clock?\n!!!\n")
    assert chat.returncode == 1
    assert "] Sheep as a clock\n    Ada One, Bo Two\n" in chat.stdout
    (refusal,) = chat.stderr.splitlines()
    assert refusal.startswith("digestbot: ")


def test_the_data_folder_verifies(folder):
    status = run(folder, "-m", "bot", "status", "--verify")
    assert (status.returncode, status.stderr) == (0, "")
    assert "verified" in status.stdout


def test_an_unknown_document_is_one_line(folder):
    removed = run(folder, "-m", "bot", "remove", "nope")
    assert (removed.returncode, removed.stdout) == (1, "")
    assert len(removed.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["ask", "--help"],
        ["chat", "--help"],
        ["run", "--help"],
        ["web", "--help"],
        ["status"],
        ["list"],
        ["list", "papers"],
        ["news"],
        ["source", "list"],
        ["feedback"],
    ],
    ids=" ".join,
)
def test_the_light_commands_load_neither_the_model_nor_discord(arguments, folder):
    ended = run(folder, "-c", LIGHT, *arguments)
    assert ended.stderr == ""
    assert ended.stdout.splitlines()[-1] == "loaded: 0"


def test_a_question_is_answered_without_torch_and_discord(folder):
    ended = run(folder, "-c", LIGHT, "ask", "how fast do insomniacs count sheep?")
    assert ended.stderr == ""
    (loaded,) = [line for line in ended.stdout.splitlines() if line.startswith("loaded: 0 ")]
    assert {"onnxruntime", "tantivy"} <= set(loaded.split())
    assert not {"torch", "transformers", "sentence_transformers", "discord", "sklearn"} & set(loaded.split())


def test_a_process_that_only_serves_does_without_rich(folder):
    ended = run(folder, "-c", "import sys, bot.cli, bot.cli.app; print('rich' in sys.modules)")
    assert (ended.stdout, ended.stderr) == ("False\n", "")
