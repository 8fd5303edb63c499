// A message as Discord shows it: who and when, text, embeds, files, components, and what can be done with it.

import { el, freshId } from "./dom.js";
import { act, colour, components } from "./components.js";
import { inline, link, markdown } from "./markdown.js";
import { call, tried } from "./page.js";

const EPHEMERAL = 1 << 6, LOADING = 1 << 7, REPLY = 19, SLASH = 20, MENU = 23, MESSAGE_COMMAND = 3;
const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const named = (user) => user.global_name ?? user.username;

export function article(message, room) {
  const bot = message.author.bot;
  const who = room.who;
  const when = new Date(message.timestamp);
  const shown = el("article", {
    class: ["message", message.flags & EPHEMERAL ? "ephemeral" : "", bot ? "bot" : ""].join(" ").trim(),
    "data-id": message.id, "aria-label": `${named(message.author)}, ${clock.format(when)}`,
  });
  shown.append(...[
    context(message, who),
    el("div", { class: `avatar${bot ? " bot" : ""}`, "aria-hidden": "true" }, named(message.author).charAt(0)),
    el("div", { class: "head" },
      el("span", { class: "name" }, named(message.author)),
      bot ? el("span", { class: "badge" }, "APP") : null,
      el("time", { datetime: message.timestamp }, clock.format(when)),
      message.edited_timestamp && !message.cause && bot ? el("span", { class: "edited" }, "(edited)") : null),
    el("div", { class: "body" }, message.flags & LOADING
      ? el("p", { class: "thinking" }, `${named(message.author)} is thinking`, dots())
      : body(message, room)),
    actions(message, room),
  ].filter(Boolean));
  return shown;
}

export const dots = () => el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));

// The line above a message: what it replies to, or which command it answers.
function context(message, who) {
  const line = (...parts) => el("div", { class: "context" }, parts);
  if ((message.type === SLASH || message.type === MENU) && message.cause) {
    const [, name, rest] = /^(\/?\S+(?: [^\s:]+(?=\s|$))*)([\s\S]*)$/.exec(message.cause);
    const user = named(message.interaction_metadata.user);
    return line(el("span", { class: "name" }, user), " used ", el("span", { class: "used" }, name), el("span", { class: "rest" }, rest));
  }
  if (message.type === REPLY) {
    const to = message.referenced_message;
    if (!to) return line("Original message was deleted");
    return line(el("span", { class: "name" }, `@${named(to.author)}`), " ", el("span", { class: "rest" }, inline(to.content.split("\n")[0], who)));
  }
  return null;
}

function body(message, room) {
  const nodes = markdown(message.content, room.who);
  nodes.push(...message.embeds.map((each) => embed(each, room.who)));
  nodes.push(...message.attachments.map((each) => el("div", { class: "file" }, `📄 ${each.filename} (${each.size.toLocaleString("en")} bytes)`)));
  const path = `/api/messages/${message.id}/components`;
  nodes.push(...components(message.components, room.who, (done) => act(path, done, room.who)));
  if (message.flags & EPHEMERAL) {
    nodes.push(el("div", { class: "only-you" }, "Only you can see this · ",
      el("button", { type: "button", class: "plain", on: { click: () => room.dismiss(message.id) } }, "Dismiss message")));
  }
  return nodes;
}

function embed(one, who) {
  const title = one.title ? inline(one.title, who) : null;
  const picture = one.image?.url ?? one.thumbnail?.url;
  const footer = [one.footer?.text, one.timestamp ? new Date(one.timestamp).toLocaleString("en") : null].filter(Boolean);
  return el("div", { class: "embed", style: { "--colour": colour(one.color) } },
    one.author ? el("div", { class: "author" }, one.author.url ? link(one.author.url, one.author.name) : one.author.name) : null,
    title ? el("div", { class: "title" }, one.url ? link(one.url, title) : title) : null,
    one.description ? el("div", { class: "description" }, markdown(one.description, who)) : null,
    one.fields?.length ? el("div", { class: "fields" }, one.fields.map((each) => el("div", { class: each.inline ? "inline" : "" },
      el("div", { class: "title" }, inline(each.name, who)), markdown(each.value, who)))) : null,
    picture ? el("div", {}, link(picture, "(a picture, which this page does not fetch)")) : null,
    footer.length ? el("div", { class: "footer" }, footer.join(" · ")) : null);
}

// What can be done with a message: reply, the bot's own message commands, and a look at what was sent.
function actions(message, room) {
  if (message.flags & LOADING) return null;
  const plain = (label, click, name) => el("button", { type: "button", class: "plain", "data-does": name, on: { click } }, label);
  const path = `/api/messages/${message.id}/commands`;
  const own = room.commands.filter((each) => each.type === MESSAGE_COMMAND).map((each) => plain(
    each.name, () => act(path, { name: each.name }, room.who), "command",
  ));
  return el("div", { class: "actions", role: "group", "aria-label": "Message actions" },
    message.flags & EPHEMERAL ? null : plain("Reply", () => room.reply(message), "reply"),
    message.flags & EPHEMERAL ? null : own,
    message.author.bot ? null : plain("Delete", () => tried(() => call(`/api/messages/${message.id}/deletion`, {})), "delete"),
    message.requests ? plain("Payload", () => payload(message), "payload") : null);
}

// What Discord received for a message, to be read, or exactly as it was sent.
async function payload(message) {
  const answer = await tried(() => call(`/api/messages/${message.id}/requests`));
  if (!answer) return;
  const heading = el("h2", { id: freshId("payload") }, "What Discord received");
  const exact = el("input", { type: "checkbox", id: freshId("exact") });
  const sent = answer.requests.map((each) => {
    const text = el("pre", { class: "sent", tabindex: "0" });
    const show = () => { text.textContent = exact.checked || !each.body ? each.body || "(no body)" : readable(each.body); };
    exact.addEventListener("change", show);
    show();
    return el("section", {}, el("h3", {}, el("b", {}, each.method), " ", el("span", { title: each.path }, shortened(each.path)), ` → ${each.status}`), text);
  });
  const dialog = el("dialog", { class: "payload", "aria-labelledby": heading.id }, heading,
    el("div", { class: "bar" }, el("label", {}, exact, " byte for byte, as it was sent")), sent,
    el("form", { method: "dialog", class: "ends" }, el("button", { class: "press primary" }, "Close")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

// A path without the length of the tokens in it.
const shortened = (path) => path.replace(/[^/]{30,}/g, (token) => `${token.slice(0, 6)}…`);

function readable(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}
