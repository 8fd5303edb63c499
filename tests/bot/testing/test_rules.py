"""What is refused in a message, by the rules alone and by Discord's document, and what it says of it."""

from __future__ import annotations

import json

import aiohttp
import pytest

from bot.testing import Flag
from bot.testing import commands as schema


def embed(**parts):
    return {"embeds": [{"title": "t"} | parts]}


def row(*components):
    return {"content": "x", "components": [{"type": 1, "components": list(components)}]}


def button(custom_id="a", **parts):
    return {"type": 2, "style": 1, "label": "b", "custom_id": custom_id} | parts


def select(*values, **parts):
    options = [{"label": v, "value": v} for v in values]
    return {"type": 3, "custom_id": "s", "options": options} | parts


LONG = [{"description": "d" * 4000}, {"description": "d" * 2001}]
LINK = {"type": 2, "style": 5, "label": "l"}
V2 = int(Flag.COMPONENTS_V2)

REFUSED = {
    "content of 2001": ({"content": "x" * 2001}, "content"),
    "content no text": ({"content": 5}, "content"),
    "eleven embeds": ({"embeds": [{"title": "t"}] * 11}, "embeds"),
    "title of 257": (embed(title="x" * 257), "embeds.0.title"),
    "description of 4097": (embed(description="x" * 4097), "embeds.0.description"),
    "26 fields": (embed(fields=[{"name": "n", "value": "v"}] * 26), "embeds.0.fields"),
    "field without value": (embed(fields=[{"name": "n", "value": ""}]), "embeds.0.fields.0.value"),
    "field of blanks": (embed(fields=[{"name": " ", "value": "v"}]), "embeds.0.fields.0.name"),
    "field value of 1025": (embed(fields=[{"name": "n", "value": "v" * 1025}]), "embeds.0.fields.0.value"),
    "footer without text": (embed(footer={"text": ""}), "embeds.0.footer.text"),
    "footer of 2049": (embed(footer={"text": "x" * 2049}), "embeds.0.footer.text"),
    "author of 257": (embed(author={"name": "x" * 257}), "embeds.0.author.name"),
    "6001 in all embeds": ({"embeds": LONG}, "embeds"),
    "embed that shows nothing": ({"embeds": [{"color": 1}]}, "embeds.0"),
    "embed with a bad link": (embed(url="javascript:alert(1)"), "embeds.0.url"),
    "six buttons in a row": (row(*(button(str(n)) for n in range(6))), "components.0.components"),
    "button beside a select": (row(button(), select("a")), "components.0.components"),
    "six rows": ({"content": "x", "components": row(button())["components"] * 6}, "components"),
    "custom_id twice": (row(button(), button()), "components"),
    "custom_id of 101": (row(button("x" * 101)), "components.0.components.0.custom_id"),
    "button without custom_id": (row(button("")), "components.0.components.0.custom_id"),
    "label of 81": (row(button(label="x" * 81)), "components.0.components.0.label"),
    "button without label": (row(button(label="")), "components.0.components.0"),
    "link with custom_id": (row(LINK | {"url": "https://x.org", "custom_id": "a"}), "components.0.components.0"),
    "link without url": (row(LINK), "components.0.components.0.url"),
    "26 options": (row(select(*map(str, range(26)))), "components.0.components.0.options"),
    "option value twice": (row(select("a", "a")), "components.0.components.0.options.1.value"),
    "text display without its flag": ({"components": [{"type": 10, "content": "x"}]}, "components.0.type"),
    "content beside new components": (
        {"content": "x", "flags": V2, "components": [{"type": 10, "content": "x"}]},
        "",
    ),
    "41 new components": ({"flags": V2, "components": [{"type": 10, "content": "x"}] * 41}, "components"),
    "nonce of 26": ({"content": "x", "nonce": "n" * 26}, "nonce"),
    "ephemeral channel message": ({"content": "x", "flags": 64}, "flags"),
    "parse and users at once": (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions",
    ),
    "reply to nothing": ({"content": "x", "message_reference": {"message_id": "1"}}, "message_reference"),
}


@pytest.mark.parametrize("with_document", [True, False])
@pytest.mark.parametrize(("body", "path"), REFUSED.values(), ids=REFUSED.keys())
async def test_refused_body_says_where_it_is_wrong(place, http, monkeypatch, body, path, with_document):
    if with_document and not schema.available():
        pytest.skip("Discord's OpenAPI document does not lie beside the checkout")
    if not with_document:
        monkeypatch.setattr(schema, "available", lambda: False)
    status, answer = await http("POST", f"/channels/{place.channel.id}/messages", body)
    assert (status, answer["code"]) == (400, 50035)
    node = answer["errors"]
    for key in filter(None, path.split(".")):
        node = node[key]
    assert node["_errors"]
    assert [exchange.body for exchange in place.server.refused] == [body]
    assert not place.channel.messages


ALLOWED = {
    "content of 2000": {"content": "x" * 2000},
    "6000 in all embeds": {"embeds": [{"description": "d" * 4000}, {"description": "d" * 2000}]},
    "five rows of five": {
        "content": "x",
        "components": [{"type": 1, "components": [button(f"{r}{n}") for n in range(5)]} for r in range(5)],
    },
    "link": row(LINK | {"url": "https://example.org"}),
    "select": row(select("a", "b", max_values=2)),
    "new components": {
        "flags": V2,
        "components": [{"type": 17, "components": [{"type": 10, "content": "x"}, {"type": 14}]}],
    },
    "snowflake as a number": {"content": "x", "allowed_mentions": {"users": [5]}},
    "reply to nothing that need not exist": {
        "content": "x",
        "message_reference": {"message_id": "1", "fail_if_not_exists": False},
    },
}


@pytest.mark.parametrize("body", ALLOWED.values(), ids=ALLOWED.keys())
async def test_body_at_the_limits_is_taken(place, http, body):
    status, message = await http("POST", f"/channels/{place.channel.id}/messages", body)
    assert status == 200, message
    assert message["content"] == body.get("content", "")
    assert message["components"] == body.get("components", [])


async def test_misspelt_key_is_refused_by_the_document(place, http):
    if not schema.available():
        pytest.skip("Discord's OpenAPI document does not lie beside the checkout")
    status, answer = await http("POST", f"/channels/{place.channel.id}/messages", {"content": "x", "contnet": "y"})
    assert status == 400
    assert "'contnet'" in answer["errors"]["_errors"][0]["message"]


@pytest.mark.parametrize("body", [{}, {"content": "  \n"}, {"content": None, "embeds": []}])
async def test_empty_message_is_refused(place, http, body):
    status, answer = await http("POST", f"/channels/{place.channel.id}/messages", body)
    assert (status, answer["code"]) == (400, 50006)
    assert len(place.server.refused) == 1


async def test_edit_may_leave_out_but_not_empty(place, http):
    base = f"/channels/{place.channel.id}/messages"
    _, message = await http("POST", base, {"content": "x"} | embed())
    assert (await http("PATCH", f"{base}/{message['id']}", {"content": None, "tts": False}))[0] == 200
    assert (await http("PATCH", f"{base}/{message['id']}", {"embeds": []}))[1]["code"] == 50006


async def test_other_peoples_messages_cannot_be_edited(place, http):
    message = await place.server.say(place.alice, place.channel, "mine")
    path = f"/channels/{place.channel.id}/messages/{message.id}"
    assert (await http("PATCH", path, {"content": "yours"}))[1]["code"] == 50005


PINGS = [
    ("@everyone look", None, ["@everyone"]),
    ("{alice} and <@&5>", None, ["{alice}", "<@&5>"]),
    ("{alice} and @here", {"parse": ["everyone"]}, ["@here"]),
    ("{alice}", {"users": ["{id}"]}, ["{alice}"]),
    ("@everyone {alice} <@&5>", {"parse": []}, []),
]


@pytest.mark.parametrize(("content", "allowed", "rung"), PINGS)
async def test_ping_goes_through_as_far_as_it_is_allowed_and_is_recorded(place, http, content, allowed, rung):
    def filled(value):
        text = json.dumps(value)
        return json.loads(text.replace("{alice}", place.alice.mention).replace("{id}", str(place.alice.id)))

    body = {"content": filled(content)} | ({} if allowed is None else {"allowed_mentions": filled(allowed)})
    _, message = await http("POST", f"/channels/{place.channel.id}/messages", body)
    assert place.channel.messages[int(message["id"])].pings == filled(rung)
    assert [ping for _, ping in place.server.pings] == filled(rung)


async def test_text_of_new_components_pings_and_text_of_embeds_does_not(place, http):
    base = f"/channels/{place.channel.id}/messages"
    await http("POST", base, {"flags": V2, "components": [{"type": 10, "content": "@everyone"}]})
    await http("POST", base, {"embeds": [{"description": "@everyone"}]})
    assert [message.pings for message in place.channel.messages.values()] == [["@everyone"], []]


async def test_reply_rings_the_author_unless_told_not_to(place, http):
    asked = await place.server.say(place.alice, place.channel, "who?")
    body = {"content": "x", "message_reference": {"message_id": str(asked.id)}}
    await http("POST", f"/channels/{place.channel.id}/messages", body)
    await http("POST", f"/channels/{place.channel.id}/messages", body | {"allowed_mentions": {"parse": []}})
    assert [m.pings for m in place.channel.messages.values()] == [[], [place.alice.mention], []]


async def test_files_come_with_the_message(place, http):
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps({"content": "see", "attachments": [{"id": 0, "filename": "a.txt"}]}))
    form.add_field("files[0]", b"hello", filename="a.txt", content_type="text/plain")
    status, message = await http("POST", f"/channels/{place.channel.id}/messages", form=form)
    assert status == 200
    assert [(a["filename"], a["size"]) for a in message["attachments"]] == [("a.txt", 5)]


@pytest.mark.parametrize("raw", [b"{not json", b"[]"])
async def test_body_that_is_no_object_is_refused(place, server, raw):
    headers = {"Authorization": f"Bot {server.token}", "Content-Type": "application/json"}
    url = f"{server.api_url}/channels/{place.channel.id}/messages"
    async with aiohttp.ClientSession() as session, session.post(url, data=raw, headers=headers) as answer:
        assert answer.status == 400
    assert len(server.refused) == 1
