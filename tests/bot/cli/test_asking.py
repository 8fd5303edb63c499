"""What `ask` prints: cited excerpts for people, one object for scripts."""

import io
import json
import re
import sys
from dataclasses import replace
from datetime import date

import pytest

REPLY = """\
1 paper under Sleep at SLEEP 2031

[1] On counting sheep
    Ada One, Bo Two
    A guide to SLEEP · Sleep · SLEEP 2031
    > Sheep are counted one by one.
    > The “last” one   sleeps.
    also in 003_later

[2] Shepherd
    NZ, Otago, Dunedin · Flocks
    A guide to SLEEP
    > Counts sheep at night.
"""
NO_REPLY = """\
Nothing on that. The corpus holds 1 paper.
Nearest, but not an answer:

[1] On counting sheep
"""


def test_a_reply_is_a_summary_and_numbered_excerpts_under_their_headings(digestbot, assistant):
    ran = digestbot("ask", "who counts sheep?")
    assert (ran.code, ran.out, ran.err) == (0, REPLY, "")


def test_without_an_answer_the_nearest_entries_are_marked_as_such(digestbot, assistant, no_answer):
    assistant.answer = no_answer
    ran = digestbot("ask", "what of goats?")
    assert ran.code == 0
    assert ran.out.startswith(NO_REPLY)
    assert "> " not in ran.out, "what is no answer is not quoted"


def test_a_follow_up_shows_as_what_it_was_understood(digestbot, assistant, the_answer):
    assistant.answer = replace(the_answer, understood="who counts sheep at SLEEP?")
    assert digestbot("ask", "and who?").out.startswith("about: who counts sheep at SLEEP?\n")


def test_json_is_the_answer_and_nothing_else(digestbot, assistant):
    ran = digestbot("ask", "who counts sheep?", "--json")
    shown = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert shown["answered"] is True
    assert shown["citations"][0]["excerpt"] == "Sheep are counted one by one.\nThe “last” one   sleeps."
    assert shown["citations"][0]["also_in"] == [{"document": "003_later", "start": 5, "end": 59}]
    assert "“last”" in ran.out, "readable as it stands, not escaped"


def test_the_options_reach_the_assistant(digestbot, assistant):
    digestbot(
        "ask", "q", "--kind", "job", "--digest", "000_guide", "--top", 2, "--history", "first", "--history", "2nd"
    )  # fmt: skip
    assert assistant.asked == [
        {"question": "q", "history": ["first", "2nd"], "kind": "job", "digest": "000_guide", "top": 2}
    ]


def test_a_question_may_begin_with_a_dash_or_come_from_standard_input(digestbot, assistant, monkeypatch):
    digestbot("ask", "--", "-- sheep?")
    monkeypatch.setattr(sys, "stdin", io.StringIO("from a file\n"))
    digestbot("ask", "-")
    assert [each["question"] for each in assistant.asked] == ["-- sheep?", "from a file"]


def test_bytes_that_are_no_text_do_not_reach_the_corpus(digestbot, assistant):
    digestbot("ask", "caf\udce9?")
    assert assistant.asked[0]["question"] == "caf??"


def test_the_data_folder_can_be_named(digestbot, assistant, tmp_path):
    digestbot("ask", "q", "--data-dir", tmp_path / "mine")
    assert assistant.opened_with["data_dir"] == tmp_path / "mine"
    assert assistant.calls == ["ensure_corpus", "close"]


@pytest.mark.parametrize("columns", [None, 60])
def test_nothing_in_an_excerpt_commands_the_terminal(digestbot, assistant, the_answer, columns):
    hostile = "red \x1b[31malert\x1b]0;title\x07 [bold]markup[/bold] \u202eesrever :sheep:"
    first = replace(the_answer.citations[0], excerpt=hostile, title=f"{hostile}\nsecond line")
    assistant.answer = replace(the_answer, citations=(first,), summary=hostile)
    shown = digestbot("ask", "q", columns=columns).out
    assert "\x1b[31malert" not in shown
    assert "\x1b]0" not in shown
    assert "\u202e" not in shown
    assert "[bold]markup[/bold]" in shown
    assert ":sheep:" in shown


def test_a_title_as_long_as_a_page_is_cut_in_the_heading_and_whole_in_json(digestbot, assistant, the_answer):
    first = replace(the_answer.citations[0], title="T" * 5_000, section="S" * 5_000)
    assistant.answer = replace(the_answer, citations=(first,))
    shown = digestbot("ask", "q").out
    assert f"[1] {'T' * 299}…\n" in shown
    assert f"· {'S' * 299}… · SLEEP 2031\n" in shown
    assert json.loads(digestbot("ask", "q", "--json").out)["citations"][0]["title"] == "T" * 5_000


def test_json_escapes_what_could_command_the_terminal(digestbot, assistant, the_answer):
    hostile = "a\x1b[31mb\u202ec\x9bd"
    assistant.answer = replace(the_answer, summary=hostile)
    shown = digestbot("ask", "q", "--json").out
    assert not set(shown) & {"\x1b", "\u202e", "\x9b"}
    assert json.loads(shown)["summary"] == hostile


def test_on_a_terminal_long_excerpts_are_wrapped_inside_their_quote(digestbot, assistant, the_answer):
    words = "counting sheep is an old art " * 8
    assistant.answer = replace(the_answer, citations=(replace(the_answer.citations[0], excerpt=words),))
    ran = digestbot("ask", "q", columns=50)
    assert "\x1b[" in ran.out
    lines = [_plain(line) for line in ran.out.splitlines()]
    quoted = [line for line in lines if line.startswith("    │ ")]
    assert len(quoted) > 4
    assert max(map(len, lines)) <= 50
    assert " ".join(line.removeprefix("    │ ").strip() for line in quoted) == words.strip()


def test_in_a_pipe_no_line_is_broken_and_no_colour_is_sent(digestbot, assistant, the_answer):
    words = "counting sheep is an old art " * 80
    assistant.answer = replace(the_answer, citations=(replace(the_answer.citations[0], excerpt=words),))
    ran = digestbot("ask", "q")
    assert f"    > {words}\n" in ran.out
    assert "\x1b" not in ran.out


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_an_empty_question_is_wrong_usage(digestbot, assistant, question):
    ran = digestbot("ask", question)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "digestbot: Invalid value for QUESTION: the question is empty (see digestbot ask --help)\n"


def _plain(line):
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


def test_days_and_the_link_to_the_quote_stand_in_the_small_print(digestbot, assistant, the_answer):
    first, *others = the_answer.citations
    url = "https://example.org/guide"
    link = f"{url}#:~:text=Sheep%20are,sleeps."
    fresh = replace(first, url=url, link=link, posted=date(2026, 3, 3), closes=date(2026, 4, 30))
    assistant.answer = replace(the_answer, citations=(fresh, *others))
    shown = digestbot("ask", "who counts sheep?").out
    assert "SLEEP 2031 · posted 3 March 2026 · apply by 30 April 2026\n" in shown
    assert f"    {link}\n" in shown
    assert f" {url}\n" not in shown
    (found, _) = json.loads(digestbot("ask", "who counts sheep?", "--json").out)["citations"]
    assert (found["url"], found["link"], found["posted"], found["gone"]) == (url, link, "2026-03-03", None)


def test_pages_that_have_gone_are_asked_where_it_is_wanted(digestbot, assistant):
    digestbot("ask", "who counts sheep?")
    assert "gone" not in assistant.calls
    digestbot("ask", "who counts sheep?", "--gone")
    assert "gone" in assistant.calls
