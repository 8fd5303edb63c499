"""Phrases: how people put a question, with gaps for what it is about."""

from __future__ import annotations

LOOKING = (
    "is there a paper on {}", "anything about {}?", "papers about {}", "{}", "which paper is about {}", "{}?",
    "looking for work on {}", "has anyone tried {}", "who works on {}", "any research into {}", "{} paper",
    "a way of {}", "i need something about {}", "what do they have on {}", "do you know a paper about {}",
)  # fmt: skip
"""For what a paper is about."""

TELLING = (
    "how does {} work", "what did they find about {}", "{}?", "why {}", "what is said about {}", "explain {}",
    "how do they handle {}", "tell me about {}", "{}", "what happens with {}", "is it true that {}",
)  # fmt: skip
"""For what a sentence says."""

WORKING = (
    "job with {}", "any role about {}", "which job has to do with {}", "{} job", "what role does {}",
    "who is hiring for {}", "position where i do {}", "which team does {}", "{}", "would i get to work on {}",
)  # fmt: skip
"""For what a job is about."""

VAGUE_LOOKING = (
    "is there a way to get {a} without {b}", "something about {a} when you have {b}", "{a} but for {b}",
    "paper where they do {a} with {b}", "i remember they did {a} and then {b}", "does {a} help with {b}?",
    "what can go wrong with {a} if there is {b}", "a trick for {a} when {b} is a problem", "{a} from {b}, anyone?",
    "how would you do {a} if all you have is {b}", "which one deals with {a} and {b}", "can {a} replace {b}",
    "which work looks at whether {a} gets better through {b}", "why is {a} so hard with {b}", "less {a}, more {b}",
    "making {a} cope with {b}", "how much {a} does {b} need", "teaching {a} to do {b}", "{a} against {b}",
)  # fmt: skip
"""For what somebody remembers or wants in words of their own; ``a`` and ``b`` are a part of them each."""

VAGUE_WORKING = (
    "where could i work on {a} and {b}", "a job for somebody who likes {a} with {b}", "i want to do {a} for {b}",
    "is {a} and {b} something i could do there", "do they need people for {a}, maybe with {b}",
    "do i need {a} to work on {b}", "any team that makes {a} better with {b}", "which internship has {a} and {b}",
)  # fmt: skip

RAMBLING = (
    "hey, i was reading this on the train yesterday and cannot find it again: {} ... any idea?",
    "so a friend of mine keeps talking about {}, was that in here somewhere?",
    "sorry if this was asked before but {} or something along those lines?",
    "ok dumb question maybe, {} - where do i start reading?", "um {}?? need it for my thesis, thanks a lot",
    "my boss wants to know: {}", "{} plz its urgent", "quick one for the experts here, {}",
)  # fmt: skip
"""Around any question, by people who take their time."""

BY = ("papers by {}", "what has {} written?", "is {} on any of these?", "anything from {}", "{}'s papers please")
IN = ("openings in {}", "any jobs in {}?", "internship in {}", "is anything open in {}", "{} roles please")
AT = (
    "papers from {}",
    "what was presented at {}?",
    "{} papers",
    "list everything at {}",
    "which papers are from {}",
)
ON = (
    "papers on {}", "is there a paper about {}?", "{} papers?", "anything on {}", "did anyone work on {}",
    "who introduced {}", "which paper beats {}", "work on {}, is there some?", "how does {} work",
    "what do they say about {}", "{}", "any of these use {}?",
)  # fmt: skip
FOR = ("jobs at {}", "is {} hiring?", "{} internships", "papers by {} researchers", "openings at {}")
BOTH = ("{b} for {a}", "papers on {a} and {b}", "is {b} used in {a}?", "{a} with {b}", "{b} papers about {a}")
"""For a topic ``b`` of the corpus with something that is not in it."""

DETAIL = (
    "does the {name} job involve {words}?", "for the {name} role, what about {words}", "{name}: {words}?",
    "{name} and {words}", "in {name}, how does {words} come in",
)  # fmt: skip
"""For what is said of something that has a name."""
