"""The tree of errors: everything that digestbot raises on purpose, with messages that a user can act on.

DigestbotError
├── ReadError         a file, folder or page cannot be read as a document
├── StoreError        the data folder cannot be used
├── NotFoundError     no document, digest or entry of that name
├── EncoderError      the embedding model cannot be loaded or is not what it should be
├── SearchIndexError  the index cannot be made or read
├── QuestionError     a question that cannot be asked
└── DiscordSetupError the Discord bot cannot be started
"""

from __future__ import annotations


class DigestbotError(Exception):
    """Base of all errors that are shown to the user: one clear line, what happened and what to do."""


class ReadError(DigestbotError):
    """A file, folder or page cannot be read as a document."""


class StoreError(DigestbotError):
    """The data folder cannot be used, or what it holds is damaged."""


class NotFoundError(DigestbotError):
    """Nothing in the corpus has that name."""


class EncoderError(DigestbotError):
    """The embedding model cannot be loaded, or is not the one that it should be."""


class SearchIndexError(DigestbotError):
    """The search index cannot be made or read."""


class QuestionError(DigestbotError):
    """A question that cannot be asked: empty after cleaning, or too long."""


class DiscordSetupError(DigestbotError):
    """The Discord bot cannot be started: no token, a refused token, an address that does not answer."""
