"""What a question means: read against the names of the corpus, and made whole from the conversation."""

from bot.understanding.question import MAX_CHARACTERS, check
from bot.understanding.reading import Intent, Reading, read

__all__ = ["MAX_CHARACTERS", "Intent", "Reading", "check", "read"]
