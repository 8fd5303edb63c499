"""What servers have chosen, over restarts."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.state import StateFile
from bot.state.guilds import DEFAULTS, GuildSettings, GuildStore
from corpus.model import Kind

if TYPE_CHECKING:
    from pathlib import Path

SNOWFLAKES = st.integers(1, 2**63 - 1)
SETTINGS = st.builds(
    GuildSettings,
    channels=st.frozensets(SNOWFLAKES, max_size=5),
    private=st.booleans(),
    threads=st.booleans(),
    kinds=st.frozensets(st.sampled_from(Kind)),
    quota=st.none() | st.integers(1, 100),
    feedback=st.booleans(),
)


@given(guild=SNOWFLAKES, chosen=SETTINGS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_chosen_is_there_after_a_restart(tmp_path: Path, guild: int, chosen: GuildSettings):
    first = StateFile(tmp_path)
    GuildStore(first).save(guild, chosen)
    first.close()
    second = StateFile(tmp_path)
    assert GuildStore(second).load(guild) == chosen
    GuildStore(second).reset(guild)
    assert GuildStore(second).load(guild) == DEFAULTS
    second.close()


def test_settings_that_are_damaged_are_the_defaults(tmp_path: Path):
    file = StateFile(tmp_path)
    guilds = GuildStore(file)
    guilds.save(7, GuildSettings(private=True))
    with sqlite3.connect(file.path) as db:
        db.execute("UPDATE guilds SET settings = 'half of'")
    assert guilds.load(7) == DEFAULTS
    file.close()


def test_a_server_is_unseen_once_nobody_has_seen_it_for_long(tmp_path: Path):
    file = StateFile(tmp_path)
    guilds = GuildStore(file)
    guilds.seen([1, 2], 100.0)
    guilds.seen([2], 200.0)
    assert guilds.unseen_since(100.0) == []
    assert guilds.unseen_since(150.0) == [1]
    guilds.forget(1)
    assert guilds.unseen_since(1000.0) == [2]
    file.close()
