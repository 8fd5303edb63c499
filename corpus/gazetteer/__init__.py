"""The names of the corpus, recognised in a question: people, titles, topics, places and more."""

from corpus.gazetteer.dates import Basis, Dates
from corpus.gazetteer.gazetteer import Gazetteer
from corpus.gazetteer.model import Card, Mention, What

__all__ = ["Basis", "Card", "Dates", "Gazetteer", "Mention", "What"]
