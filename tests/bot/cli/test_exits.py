"""How commands end: codes, one line on standard error, no traceback; and how little the light ones load."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import EncoderError

ROOT = Path(__file__).parents[3]
COMMANDS = ["ask", "chat", "ingest", "list", "remove", "status", "run", "eval", "feedback"]


def environment(data_dir):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIGESTBOT_", "DISCORD_"))}
    return kept | {"DIGESTBOT_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def test_the_help_names_every_command(digestbot):
    ran = digestbot()
    assert ran.code == 0
    assert all(f"\n  {command} " in ran.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example_and_takes_a_data_folder(digestbot, command):
    ran = digestbot(command, "--help")
    assert ran.code == 0
    assert "Example: " in ran.out
    assert f"digestbot {command}" in ran.out
    assert "--data-dir" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [["frob"], ["ask"], ["ask", "--nope", "q"], ["ask", "q", "--top", "many"], ["ask", "q", "--kind", "poem"]],
)
def test_wrong_usage_is_one_line_and_code_2(digestbot, assistant, arguments):
    ran = digestbot(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("digestbot: ")
    assert "--help)" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_failed_request_is_one_line_and_code_1(digestbot, assistant):
    assistant.answer = EncoderError("the model file\nis damaged: install it again")
    ran = digestbot("ask", "q")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "digestbot: the model file is damaged: install it again\n"


def test_a_wrong_setting_is_one_line_and_code_1(digestbot, monkeypatch):
    monkeypatch.setenv("DIGESTBOT_LOG_LEVEL", "loud")
    ran = digestbot("status")
    assert ran.code == 1
    assert ran.err.startswith("digestbot: the setting DIGESTBOT_LOG_LEVEL is wrong")


def test_an_unexpected_failure_is_one_line_with_a_way_to_see_more(digestbot, assistant, monkeypatch):
    assistant.answer = ValueError("a slip of ours")
    ran = digestbot("ask", "q")
    assert ran.code == 1
    assert ran.err == (
        "digestbot: unexpected ValueError: a slip of ours (DIGESTBOT_LOG_LEVEL=debug shows where)\n"
    )
    monkeypatch.setenv("DIGESTBOT_LOG_LEVEL", "debug")
    assert "Traceback" in digestbot("ask", "q").err


def test_an_interrupt_is_quiet(digestbot, assistant):
    assistant.answer = KeyboardInterrupt()
    ran = digestbot("ask", "q")
    assert (ran.code, ran.out, ran.err) == (130, "", "")


def test_a_closed_pipe_is_quiet(tmp_path):
    """As with `| head`: the reader goes before all is written."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "--help"], env=environment(tmp_path), cwd=tmp_path, stdout=writer,
            stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert ended.stderr == ""
    assert ended.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_one_line(tmp_path):
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "--help"], env=environment(tmp_path), cwd=tmp_path, stdout=full,
            stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("digestbot: ")
    assert "No space left on device" in line


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
def test_ctrl_c_ends_a_chat_quietly(tmp_path):
    chat = subprocess.Popen(
        [sys.executable, "-c", _CHAT_WITH_A_DOUBLE], env=environment(tmp_path), cwd=tmp_path,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert chat.stdout.readline() == "waiting\n"
    chat.send_signal(signal.SIGINT)
    _, said = chat.communicate(timeout=60)
    assert (chat.returncode, said) == (130, "")


_CHAT_WITH_A_DOUBLE = """
import contextlib, sys
import bot.cli.chat as chatting
from bot.cli import main

@contextlib.contextmanager
def opened(*arguments, **options):
    print("waiting", flush=True)
    yield None

chatting.assistant_of = opened
sys.exit(main(["chat"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
def test_a_second_ctrl_c_waits_for_no_model_and_leaves_no_thread_to_the_interpreters_end(tmp_path):
    asked = subprocess.Popen(
        [sys.executable, "-c", _INTERRUPTED_WHILE_A_MODEL_IS_LOADED], env=environment(tmp_path), cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert asked.stdout.readline() == "waited for\n"
    asked.send_signal(signal.SIGINT)
    said, complained = asked.communicate(timeout=60)
    assert (asked.returncode, said, complained) == (130, "", "")


_INTERRUPTED_WHILE_A_MODEL_IS_LOADED = """
import atexit, sys, threading, traceback
from bot.cli.session import beside

asking = threading.get_ident()

def load():
    while all(frame.name != "join" for frame in traceback.extract_stack(sys._current_frames()[asking])):
        pass
    print("waited for", flush=True)
    threading.Event().wait()

atexit.register(print, "the interpreter's end")
try:
    with beside(load):
        raise KeyboardInterrupt
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed in a shell's way")
def test_closed_streams_are_no_failure(tmp_path):
    def ended(command):
        return subprocess.run(
            ["sh", "-c", f'"$0" -m bot {command}', sys.executable], env=environment(tmp_path), cwd=tmp_path,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    closed = ended("--help >&-")
    assert (closed.returncode, closed.stderr) == (0, "")
    closed = ended("ask - <&-")
    assert (closed.returncode, len(closed.stderr.splitlines())) == (2, 1)
    assert "the question is empty" in closed.stderr
    assert ended("list nonsense 2>&-").returncode == 2
