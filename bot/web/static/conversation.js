// The conversation: two rooms, what is said in them, and what comes in while one looks.

import { byId, el } from "./dom.js";
import { Composer } from "./composer.js";
import { article, dots, named } from "./message.js";
import { call, header, notice, tried } from "./page.js";

const TYPING_MS = 10000, NEAR = 120, SUGGESTED = ["ask", "papers", "jobs", "digests", "help"];

class Room {
  constructor(place) {
    Object.assign(this, { place, bot: place.bot, commands: [], messages: new Map(), unread: new Set(), typing: new Map() });
    this.dismissed = new Set();
    const named_ = Object.fromEntries([place.you, place.bot].map((user) => [user.id, named(user)]));
    this.who = { users: named_, channels: {} };
    this.log = byId("log");
    byId("server").textContent = place.server;
    this.open(place.channels);
    this.composer = new Composer(this);
  }

  // Show the channels that are new, such as a thread that the bot has opened.
  open(channels) {
    for (const channel of channels) {
      if (this.knows(channel.id)) continue;
      if (!channel.direct) this.who.channels[channel.id] = channel.name;
      this.door(channel);
    }
  }

  knows(id) { return document.querySelector(`[data-channel="${CSS.escape(id)}"]`) !== null; }

  door(channel) {
    const button = el("button", { type: "button", "data-channel": channel.id, on: { click: () => this.enter(channel) } },
      channel.direct ? `@ ${named(this.bot)}` : `# ${channel.name}`);
    byId(channel.direct ? "direct-channels" : "server-channels").append(el("li", {}, button));
  }

  async enter(channel) {
    this.channel = channel;
    this.unread.delete(channel.id);
    const name = channel.direct ? `Direct messages with ${named(this.bot)}` : `#${channel.name} in ${this.place.server}`;
    byId("where").textContent = name;
    this.log.setAttribute("aria-label", `Messages: ${name}`);
    this.commands = [];
    this.doors();
    this.composer.entered();
    await this.load();
  }

  doors() {
    for (const door of document.querySelectorAll("[data-channel]")) {
      const here = door.dataset.channel === this.channel.id;
      if (here) door.setAttribute("aria-current", "true");
      else door.removeAttribute("aria-current");
      door.classList.toggle("unread", this.unread.has(door.dataset.channel));
    }
  }

  async load() {
    const { channel } = this;
    const answer = await tried(() => call(`/api/channels/${channel.id}`));
    if (!answer || channel !== this.channel) return;
    this.commands = answer.commands;
    this.messages = new Map(answer.messages.map((message) => [message.id, message]));
    this.draw();
    this.composer.typed(); // what was typed meanwhile may be a command
    this.log.dataset.room = channel.id;
  }

  draw() {
    const shown = [...this.messages.values()].filter((message) => !this.dismissed.has(message.id));
    this.log.replaceChildren(this.welcome(), ...shown.map((message) => article(message, this)));
    this.log.scrollTop = this.log.scrollHeight;
  }

  welcome() {
    const { channel } = this;
    const suggested = this.composer.commands.filter((each) => SUGGESTED.includes(each.name));
    const offers = suggested.map((each) => el("button", {
      type: "button", class: "press secondary", on: { click: () => this.composer.open(each, "") },
    }, `/${each.name}`));
    return el("section", { class: "welcome" },
      el("h2", {}, channel.direct ? named(this.bot) : `#${channel.name}`),
      el("p", {}, channel.direct
        ? "What you write here is a question to the bot. Nobody else reads it, and no word leaves this machine."
        : `A channel of a server that you own. Mention @${this.bot.username} to ask, or type / for its commands.`),
      el("div", { class: "row" }, offers));
  }

  heard(message) {
    if (message.channel_id !== this.channel?.id) {
      this.unread.add(message.channel_id);
      if (this.knows(message.channel_id)) return this.doors();
      return tried(async () => { this.open((await call("/api/place")).channels); this.doors(); });
    }
    const near = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
    const before = this.log.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
    if (message.deleted) {
      this.messages.delete(message.id);
      return before?.remove();
    }
    this.messages.set(message.id, message);
    if (message.author.id === this.bot.id) this.rest(message.channel_id);
    if (this.dismissed.has(message.id)) return;
    const now = article(message, this);
    if (before) before.replaceChildren(...now.childNodes), (before.className = now.className);
    else this.log.append(now);
    if (near || message.author.id === this.place.you.id) this.follow();
  }

  follow() { requestAnimationFrame(() => { this.log.scrollTop = this.log.scrollHeight; }); }

  reply(message) { this.composer.reply(message); }

  dismiss(id) {
    this.dismissed.add(id);
    this.log.querySelector(`[data-id="${CSS.escape(id)}"]`)?.remove();
    byId("text").focus();
  }

  types(channel) {
    if (channel !== this.channel?.id) return;
    clearTimeout(this.typing.get(channel));
    this.typing.set(channel, setTimeout(() => this.rest(channel), TYPING_MS));
    byId("typing").replaceChildren(dots(), ` ${named(this.bot)} is typing`);
  }

  rest(channel) {
    clearTimeout(this.typing.get(channel));
    byId("typing").replaceChildren();
  }
}

const place = await call("/api/place").catch((error) => notice(error.message));
if (place) {
  header(place.views);
  const room = new Room(place);
  const events = new EventSource("/api/events");
  let lost = false;
  events.addEventListener("open", async () => {
    if (lost) return location.reload(); // a bot that was started again is another one
    await room.enter(place.channels.find((each) => each.direct));
    byId("text").focus();
    document.body.dataset.ready = "true";
  });
  events.addEventListener("message", (event) => {
    const told = JSON.parse(event.data);
    if (told.message) room.heard(told.message);
    else room.types(told.typing);
  });
  events.addEventListener("error", () => {
    if (!lost) notice("digestbot does not answer. This page goes on when it is started again.");
    lost = true;
  });
}
