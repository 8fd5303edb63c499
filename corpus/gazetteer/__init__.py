"""The names of the corpus, recognised in a question: people, titles, topics, places and more."""

from corpus.gazetteer.cards import Card, Cards
from corpus.gazetteer.dates import Basis, Dates
from corpus.gazetteer.gazetteer import Gazetteer
from corpus.gazetteer.keeping import NamesFile
from corpus.gazetteer.model import NO_IDS, Ids, Mention, What

__all__ = ["NO_IDS", "Basis", "Card", "Cards", "Dates", "Gazetteer", "Ids", "Mention", "NamesFile", "What"]
