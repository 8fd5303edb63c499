"""What the tests share: the real model, loaded once, and the real pages where they are at hand."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from embeddings.encoder import DEFAULT_MODEL
from embeddings.loader import ServingEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["bot.testing.fixtures", "pytester"]
# As in a shell's background; the processes that tests start would inherit it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in [name for name in os.environ if name.startswith(("DIGESTBOT_", "DISCORD_"))]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def encoder() -> ServingEncoder:
    """The shipped model."""
    return ServingEncoder(DEFAULT_MODEL)


@pytest.fixture(scope="session")
def pages() -> list[Path]:
    """The files of the five real pages."""
    files = sorted((SHARED / "digests").glob("0*.txt"))
    if not files:
        pytest.skip(f"the real pages are not at hand ({SHARED / 'digests'})")
    return files


@pytest.fixture
def quiet_folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder that can be removed whatever a test did to its permissions."""
    folder = tmp_path / "folder"
    folder.mkdir()
    yield folder
    folder.chmod(0o700)
