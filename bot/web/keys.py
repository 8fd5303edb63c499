"""What the page's routes find in their application."""

from __future__ import annotations

from aiohttp import web

from bot.web.live import Live
from bot.web.place import Place

PLACE: web.AppKey[Place] = web.AppKey("place", Place)
LIVE: web.AppKey[Live] = web.AppKey("live", Live)
