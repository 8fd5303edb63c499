"""The routes of the conversation: what the person at the page does in Discord, and what they see."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.testing import NoReplyError, NotPossibleError, Upload
from bot.testing.payloads import SIZE_LIMIT
from bot.web.place import LIVE, PLACE, VIEWS, shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.testing import Channel, Message, Reply

Body = TypeVar("Body", bound=BaseModel)
Value = str | int | float | bool
LONGEST_BODY = SIZE_LIMIT + 2**20
"""Bytes of a request: the largest file that Discord lets a person attach, and what goes with it."""

MOST_FORMS = 20
FORMS: web.AppKey[dict[str, Reply]] = web.AppKey("forms", dict)
"""The forms that the bot has opened and nobody has sent yet, by interaction."""


class Strict(BaseModel):
    """A request body without unknown keys."""

    model_config = ConfigDict(extra="forbid")


class Written(Strict):
    """A message."""

    content: str
    reply_to: str | None = None


class Used(Strict):
    """A slash command with its options; for a completion, the option that is being typed."""

    name: str
    options: dict[str, Value] = {}
    option: str = ""
    typed: str = ""


class Chosen(Strict):
    """A component of a message: a button, or a select with what is chosen."""

    custom_id: str
    values: list[str] | None = None


class Named(Strict):
    """A command from a message's menu."""

    name: str


class Filled(Strict):
    """A form, by the custom ids of its fields."""

    fields: dict[str, str | list[str]]


def mount(app: web.Application) -> None:
    """Add the routes to an application."""
    app[FORMS] = {}
    app.middlewares.append(errors)
    app.router.add_get("/api/place", place)
    app.router.add_get("/api/events", app[LIVE].stream)
    app.router.add_get(r"/api/channels/{channel:\d+}", channel)
    app.router.add_post(r"/api/channels/{channel:\d+}/messages", write)
    app.router.add_post(r"/api/channels/{channel:\d+}/commands", use)
    app.router.add_post(r"/api/channels/{channel:\d+}/completions", complete)
    app.router.add_post(r"/api/messages/{message:\d+}/components", component)
    app.router.add_post(r"/api/messages/{message:\d+}/commands", message_command)
    app.router.add_post(r"/api/messages/{message:\d+}/deletion", delete)
    app.router.add_get(r"/api/messages/{message:\d+}/requests", requests)
    app.router.add_post(r"/api/forms/{interaction:\d+}", fill_in)


@web.middleware
async def errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turn errors into one line of JSON for the page."""
    try:
        return await handler(request)
    except NotPossibleError as error:
        return web.json_response({"error": str(error)}, status=400)
    except NoReplyError as error:
        return web.json_response({"error": str(error).splitlines()[0]}, status=504)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, problem["loc"]))
        return web.json_response({"error": f"{where}: {problem['msg']}".removeprefix(": ")}, status=400)
    except web.HTTPRequestEntityTooLarge:
        most = f"{SIZE_LIMIT // 2**20} MB"
        return web.json_response(
            {"error": f"Your files are too powerful: Discord takes {most} at most."}, status=413
        )


async def place(request: web.Request) -> web.Response:
    """Who and where, and which other views there are."""
    views = [{"path": view.path, "title": view.title} for view in VIEWS]
    return web.json_response(request.app[PLACE].json() | {"views": views})


async def channel(request: web.Request) -> web.Response:
    """The messages of a channel, and the commands that are offered there."""
    here = _channel(request)
    messages = [shown(message) for message in here.messages.values() if not message.deleted]
    return web.json_response({"messages": messages, "commands": request.app[PLACE].commands(here)})


async def write(request: web.Request) -> web.Response:
    """Write a message, perhaps in reply to another."""
    written, where = await _read(request, Written), request.app[PLACE]
    replied = where.message(written.reply_to) if written.reply_to else None
    message = await where.discord.say(where.you, _channel(request), written.content, reply_to=replied)
    return web.json_response({"id": str(message.id)})


async def use(request: web.Request) -> web.Response:
    """Use a slash command; with files it comes as a form, the command in its part ``command``."""
    where, here = request.app[PLACE], _channel(request)
    files: dict[str, Upload] = {}
    if request.content_type == "multipart/form-data":
        form = await request.post()
        used = Used.model_validate_json(str(form.get("command", "")))
        for name, part in form.items():
            if isinstance(part, web.FileField):
                files[name] = Upload(part.filename, part.file.read(), part.content_type)
    else:
        used = await _read(request, Used)
    if not used.name.split():
        raise NotPossibleError("no command is named")
    return _answered(request, await where.discord.use(where.you, used.name, used.options | files, here))


async def complete(request: web.Request) -> web.Response:
    """What the bot offers for what is typed into an option."""
    used, where = await _read(request, Used), request.app[PLACE]
    if not used.name.split():
        raise NotPossibleError("no command is named")
    here = _channel(request)
    offered = await where.discord.complete(where.you, used.name, used.option, used.typed, used.options, here)
    return web.json_response({"choices": offered})


async def component(request: web.Request) -> web.Response:
    """Press a button, or choose in a select."""
    chosen, where, message = await _read(request, Chosen), request.app[PLACE], _message(request)
    if chosen.values is None:
        reply = await where.discord.click(where.you, message, custom_id=chosen.custom_id)
    else:
        reply = await where.discord.select(where.you, message, custom_id=chosen.custom_id, values=chosen.values)
    return _answered(request, reply)


async def message_command(request: web.Request) -> web.Response:
    """Use a command from a message's menu."""
    named, where = await _read(request, Named), request.app[PLACE]
    return _answered(request, await where.discord.message_command(where.you, named.name, _message(request)))


async def delete(request: web.Request) -> web.Response:
    """Take back a message of one's own."""
    where, message = request.app[PLACE], _message(request)
    if message.author is not where.you:
        raise NotPossibleError("you can delete your own messages only")
    await where.discord.delete(message)
    return web.json_response({})


async def fill_in(request: web.Request) -> web.Response:
    """Send a form that the bot has opened."""
    filled, where = await _read(request, Filled), request.app[PLACE]
    opened = request.app[FORMS].get(request.match_info["interaction"])
    if opened is None:
        raise NotPossibleError("this form is no longer open")
    reply = await where.discord.submit_modal(where.you, opened, **filled.fields)
    request.app[FORMS].pop(request.match_info["interaction"], None)
    return _answered(request, reply)


async def requests(request: web.Request) -> web.Response:
    """What the bot sent for a message, request by request, each body exactly as it came."""
    sent = [
        {"method": each.method, "path": each.path, "status": each.status, "body": each.raw.decode()}
        for each in _message(request).requests
    ]
    return web.json_response({"requests": sent})


def _answered(request: web.Request, reply: Reply) -> web.Response:
    """Return the form that the bot has opened, or none; messages arrive as events."""
    if reply.modal is None or reply.interaction is None:
        return web.json_response({"form": None})
    forms, number = request.app[FORMS], str(reply.interaction.id)
    forms[number] = reply
    while len(forms) > MOST_FORMS:
        del forms[next(iter(forms))]
    return web.json_response({"form": reply.modal | {"id": number}})


def _channel(request: web.Request) -> Channel:
    found = request.app[PLACE].channel(request.match_info["channel"])
    if found is None:
        raise NotPossibleError("there is no such channel")
    return found


def _message(request: web.Request) -> Message:
    found = request.app[PLACE].message(request.match_info["message"])
    if found is None:
        raise NotPossibleError("the message is gone")
    return found


async def _read(request: web.Request, kind: type[Body]) -> Body:
    return kind.model_validate_json(await request.read())
