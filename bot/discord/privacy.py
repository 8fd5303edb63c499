"""``/privacy`` and ``/forget me``: what is kept of a user, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.discord.commands import acknowledge, fill_in
from bot.discord.render import line

if TYPE_CHECKING:
    from bot.discord.answering import Answering
    from bot.discord.commands import Interaction

PRIVACY = """
**What I read**: the messages that are sent to me, mention me or reply to me, and nothing else.

**What I keep of you**
- Your last five questions in a channel: for 15 minutes, in memory, so that follow-ups are understood.
- Your questions with what I answered them with: for 30 days, so that the buttons under a reply work.
- Which of my messages answers which of your questions: for 24 hours, so that my answer goes when you delete your \
question, and replies to an answer are understood.
- How many questions you asked in the last minutes: a number, in memory.
- Your 👍 and 👎, with the question, the answer, and what you wrote, but without your name: until you \
take them back.
- Your subscriptions, and the news that waits for them: until you take them out.

**What I keep of a server**: its settings, its subscriptions, and the pages that its admins added. When I leave, \
the pages go after 30 days, and all else at once.

My log has no words of your questions. Nothing is handed on.

**How it is removed**: `/forget me` removes all that I keep of you, at once. My answers stay in Discord; 🗑️ \
under one removes it, and so does deleting your question, but not after `/forget me`.
""".strip()


def privacy_commands(answering: Answering) -> list[app_commands.Command[Any, ..., None] | app_commands.Group]:
    """``/privacy`` and ``/forget``, told to the user alone."""

    @app_commands.command(name="privacy", description="What I keep, for how long, and how it is removed.")
    async def privacy(interaction: Interaction) -> None:
        await interaction.response.send_message(PRIVACY, ephemeral=True)

    forget = app_commands.Group(name="forget", description="Have something forgotten.")

    @forget.command(
        name="me", description="Remove all that I keep of you: conversations, feedback, subscriptions."
    )
    async def me(interaction: Interaction) -> None:
        await acknowledge(interaction, privately=True)
        count = await answering.forget(interaction.user.id)
        things = f"{count} thing{'s' * (count != 1)}"
        told = f"Done: I have removed {things} that I kept of you." if count else "I keep nothing of you."
        await fill_in(interaction, line(told))

    return [privacy, forget]
