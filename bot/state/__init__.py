"""What the bot keeps of servers and people, apart from the corpus: each thing in a module of its own."""

from bot.state.file import StateFile

__all__ = ["StateFile"]
