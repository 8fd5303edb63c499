"""What the logs look like in a pipe: one line an event, on standard error, from the level that was asked for."""

import logging

import pytest
import structlog

from bot.process import set_up_logs


@pytest.fixture(autouse=True)
def as_before():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_events_of_ours_and_of_libraries_are_lines_of_one_form(capsys):
    set_up_logs("info")
    structlog.get_logger("bot.face").info("answered", took_ms=12)
    logging.getLogger("library").warning("slow: %s", "very")
    seen = capsys.readouterr()
    ours, theirs = seen.err.splitlines()
    assert ours.endswith(" level=info logger=bot.face event=answered took_ms=12")
    assert theirs.endswith(' level=warning logger=library event="slow: very"')
    assert seen.out == ""


def test_what_is_below_the_level_is_left_out(capsys):
    set_up_logs("warning")
    structlog.get_logger("bot.face").info("answered")
    logging.getLogger("library").debug("detail")
    assert capsys.readouterr().err == ""


def test_nobody_can_forge_a_line(capsys):
    set_up_logs("info")
    structlog.get_logger("bot.face").info("asked", name="x\nlevel=error event=forged")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_failure_is_one_line_with_its_trace(capsys):
    set_up_logs("info")
    try:
        raise ValueError("a slip")
    except ValueError:
        structlog.get_logger("bot.face").exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: a slip" in line


def test_faiss_does_not_tell_at_each_start_which_variant_it_loads(capsys):
    faiss = logging.getLogger("faiss.loader")
    set_up_logs("info")
    faiss.info("Successfully loaded faiss.")
    assert capsys.readouterr().err == ""
    faiss.warning("not loaded")
    assert "not loaded" in capsys.readouterr().err
