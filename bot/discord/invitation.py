"""The invitation: the links by which the bot comes to a server, or to a user, with what it needs there."""

from __future__ import annotations

import discord

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    create_public_threads=True,
    send_messages_in_threads=True,
    embed_links=True,
    read_message_history=True,
)
"""What the bot uses in a server: it reads where it is asked, replies with a reference or in a thread,
and quotes in embeds."""

_SERVER, _USER = 0, 1


def invitations(application: int) -> tuple[str, str]:
    """The link for who manages a server, and the one for who wants the bot at hand everywhere."""
    server = discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))
    user = discord.utils.oauth_url(application, scopes=("applications.commands",))
    return f"{server}&integration_type={_SERVER}", f"{user}&integration_type={_USER}"


def invitation(application: int) -> str:
    """Both links, a line each."""
    server, user = invitations(application)
    return f"Add me to a server: {server}\nInstall me for yourself: {user}"
