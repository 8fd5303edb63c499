"""``digestbot web`` as a process of its own, from its start on an empty data folder to Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.bot.web.conftest import heard

ROOT = Path(__file__).parents[3]
PATIENCE = 180.0


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_it_answers_out_of_the_box_and_stops_in_good_order(tmp_path: Path, stop: signal.Signals) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DIGESTBOT_", "DISCORD_"))
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "web", "--port", "0", "--data-dir", str(tmp_path / "data")),
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert address is not None
        here = address[0]
        async with aiohttp.ClientSession() as session, session.get(here + "api/events") as stream:
            question, origin = {"content": "who wrote RLSbench?"}, {"Origin": here.rstrip("/")}
            await session.post(here + "api/channels/4/messages", json=question, headers=origin)
            while "Saurabh Garg" not in str(await heard(stream, PATIENCE)):
                pass
            process.send_signal(stop)
            assert (await asyncio.wait_for(stream.content.read(), PATIENCE)).strip() == b""
        out, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    assert (process.returncode, out) == (0, b"")
    assert errors.decode().splitlines()[0] == "digestbot: no documents yet: ingesting the bundled digests"
    assert b"Traceback" not in errors
