"""The names of the corpus, recognised in a question: people, titles, topics, places and more."""

from __future__ import annotations

from corpus.gazetteer.builder import NamesFile
from corpus.gazetteer.cards import Basis, Card, Cards, Dates
from corpus.gazetteer.gazetteer import Gazetteer
from corpus.gazetteer.mentions import NO_IDS, Ids, Mention, What

__all__ = ["NO_IDS", "Basis", "Card", "Cards", "Dates", "Gazetteer", "Ids", "Mention", "NamesFile", "What"]
