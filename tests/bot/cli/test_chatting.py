"""A conversation in the terminal: follow-ups, commands, completion; in a pipe plain lines."""

import io
import sys
from dataclasses import replace

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.cli import chat as chatting
from bot.cli import chat as prompting
from bot.cli import console
from tests.bot.cli.test_asking import REPLY

CTRL_C, CTRL_D = "\x03", "\x04"


@pytest.fixture
def piped(digestbot, assistant, monkeypatch):
    """Runs a conversation with these lines in a pipe."""

    def runs(*lines):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return digestbot("chat")

    return runs


@pytest.fixture
def typed(digestbot, assistant, monkeypatch):
    """Runs a conversation with these keys at a terminal."""

    def runs(keys):
        monkeypatch.setattr(console, "_is_typed_at", lambda: True)
        with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
            keyboard.send_text(keys)
            return digestbot("chat")

    return runs


def test_a_piped_chat_answers_line_by_line_and_remembers(piped, assistant):
    ran = piped("who counts sheep?", "", "and who sleeps?", "/reset", "new topic")
    assert ran.code == 0
    assert ran.out == "".join(
        f"? {line}\n{REPLY}\n" if line != "/reset" else "? /reset\n\n"
        for line in ("who counts sheep?", "and who sleeps?", "/reset", "new topic")
    )
    assert [each["history"] for each in assistant.asked] == [[], ["who counts sheep?"], []]


def test_a_chat_remembers_the_last_few_questions_only(piped, assistant):
    piped(*(f"question {n}" for n in range(10)))
    assert assistant.asked[-1]["history"] == [f"question {n}" for n in range(3, 9)]


def test_a_chat_goes_on_after_a_question_that_cannot_be_asked(piped, assistant):
    ran = piped("🐑", "who counts sheep?")
    assert ran.code == 1
    assert ran.err == "digestbot: there are no words in the question\n"
    assert ran.out.endswith(f"? who counts sheep?\n{REPLY}\n")
    assert assistant.asked[1]["history"] == []


def test_a_chat_ends_at_quit_and_tells_its_commands(piped, assistant):
    ran = piped("/help", "/quit", "never asked")
    assert "/reset   forgets" in ran.out
    assert set(chatting.COMMANDS) <= set(ran.out.split())
    assert assistant.asked == []


def test_open_shows_a_quote_in_its_place(piped, assistant):
    ran = piped("who counts sheep?", "/open 2", "/open [1]")
    assert "Shepherd\nA guide to SLEEP\n> All day.\n> Counts sheep at night.\n> All year.\n" in ran.out
    assert assistant.opened == [(1, 100, 122), (1, 10, 64)]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("/open 1",), "ask a question first"),
        (("/explain",), "ask a question first"),
        (("who?", "/open 7"), "no quote 7: /open takes the number in front of one, as in /open 1"),
        (("who?", "/open"), "no quote named: /open takes the number in front of one, as in /open 1"),
        (("who?", "/reset", "/open 1"), "ask a question first"),
    ],
)
def test_a_command_that_cannot_be_done_says_what_it_needs(piped, lines, told):
    ran = piped(*lines)
    assert (ran.code, ran.err) == (1, f"digestbot: {told}\n")


def test_explain_lays_open_how_the_last_answer_came_about(piped, assistant):
    ran = piped("who counts sheep?", "and who sleeps?", "/explain")
    assert assistant.explained == [("and who sleeps?", ["who counts sheep?"])]
    shown = ran.out.split("? /explain\n")[1]
    assert shown == (
        "searched  who counts sheep at SLEEP?  (who, papers)\n"
        "venue     SLEEP  “sleep”, 90% exact, 1 entry\n"
        "\n"
        "     score  passage  sentence  words  facts\n"
        "[1]  0.912    0.700     0.650  0.400  0.250  On counting sheep  paper\n"
        "\n"
        "confidence 0.877, answered (answered from 0.370 on)\n"
        "weighed   cosine 0.7 (+2.10), margin 0.1 (-0.30)\n\n"
    )


def test_what_is_missing_is_a_line_of_the_explanation(piped, assistant, no_answer):
    assistant.explanation = replace(assistant.explanation, refusal="The digest has no goats.", answer=no_answer)
    assert "missing   The digest has no goats.\n" in piped("goats?", "/explain").out


def test_a_typed_chat_greets_answers_and_ends_at_ctrl_d(typed, assistant, tmp_path):
    (tmp_path / "data").mkdir()
    ran = typed(f"who counts sheep?\r   \r🐑\r{CTRL_D}")
    assert ran.out == f"{chatting.HELP}\n{REPLY}\n"
    assert ran.err == "digestbot: there are no words in the question\n"
    assert ran.code == 0, "whoever types sees what went wrong"
    assert "who counts sheep?" in (tmp_path / "data" / "chat-history").read_text("utf-8")


def test_ctrl_c_at_the_prompt_ends_it(typed):
    assert typed(CTRL_C).code == 130


def test_commands_and_names_are_completed(assistant, tmp_path):
    assistant.known = {"author": ["Ada One"], "topic": ["Sleep and dreams"], "place": ["New York"]}
    completer = prompting._session(assistant, tmp_path, chatting.COMMANDS).completer

    def offered(text):
        found = completer.get_completions(Document(text), CompleteEvent())
        return [(each.text, each.start_position, each.display_meta_text) for each in found]

    assert offered("/ex") == [("/explain", -3, chatting.COMMANDS["/explain"])]
    assert offered("papers by ada") == [("Ada One", -3, "author")]
    assert offered("jobs in new y") == [("New York", -5, "place")]
    assert offered("papers on sleep an") == [("Sleep and dreams", -8, "topic")]
    assert offered("ad") == []
