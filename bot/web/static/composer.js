// Where one writes: messages, and commands with their options as the bot has registered them.

import { act } from "./components.js";
import { byId, el, freshId } from "./dom.js";
import { Offers } from "./listbox.js";
import { named } from "./message.js";
import { call, tried } from "./page.js";

const SLASH = 1, SUBCOMMAND = 1, GROUP = 2, STRING = 3, INTEGER = 4, BOOLEAN = 5, USER = 6, CHANNEL = 7, NUMBER = 10, FILE = 11;
const PAUSE = 150;

export class Composer {
  constructor(room) {
    this.room = room;
    this.text = byId("text");
    this.form = byId("composer");
    this.panel = byId("command");
    this.replied = null;
    this.palette = new Offers(this.text, byId("palette"), (item) => this.picked(item));
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    byId("cancel").addEventListener("click", () => this.cancel());
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.cancel();
    });
  }

  // Every slash command, subcommands as commands of their own: "digest add".
  get commands() {
    const flat = (holder, name) => {
      const inner = (holder.options ?? []).filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
      if (!inner.length) return [{ name, description: holder.description, options: holder.options ?? [] }];
      return inner.flatMap((option) => flat(option, `${name} ${option.name}`));
    };
    return this.room.commands.filter((each) => each.type === SLASH).flatMap((each) => flat(each, each.name));
  }

  entered() {
    this.cancel(false);
    this.reply(null);
    const { channel, bot } = this.room;
    this.text.placeholder = channel.direct ? `Message @${named(bot)}` : `Message #${channel.name}: / or @`;
  }

  typed() {
    this.text.style.setProperty("height", "auto");
    this.text.style.setProperty("height", `${Math.min(this.text.scrollHeight, 160)}px`);
    const said = this.text.value;
    if (said.startsWith("/")) {
      const whole = this.commands.find((each) => said.startsWith(`/${each.name} `));
      if (whole) return this.open(whole, said.slice(whole.name.length + 2));
      const start = said.slice(1).toLowerCase();
      const fits = this.commands.filter((each) => each.name.startsWith(start));
      return this.palette.show(fits, (each) => [el("b", {}, `/${each.name}`), el("small", {}, each.description)]);
    }
    const at = /(?:^|\s)@(\w*)$/.exec(said.slice(0, this.text.selectionStart));
    const bot = this.room.bot.username;
    if (at && bot.startsWith(at[1].toLowerCase())) this.palette.show([{ mention: bot }], (each) => [el("b", {}, `@${each.mention}`)]);
    else this.palette.hide();
  }

  key(event) {
    if (this.palette.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") this.reply(null);
  }

  picked(item) {
    if (!item.mention) return this.open(item, "");
    this.text.value = this.text.value.replace(/@\w*$/, `@${item.mention} `);
    this.text.focus();
  }

  reply(message) {
    this.replied = message;
    const bar = byId("replying");
    bar.hidden = !message;
    if (!message) return;
    bar.replaceChildren(`Replying to ${named(message.author)} `,
      el("button", { type: "button", class: "plain", on: { click: () => this.reply(null) } }, "Cancel"));
    this.text.focus();
  }

  // Show a command's options to be filled in; `first` is what was typed behind its name.
  open(command, first) {
    this.palette.hide();
    this.command = command;
    this.fields = command.options.map((option) => this.field(option));
    const legend = el("legend", {}, el("b", {}, `/${command.name}`), ` ${command.description}`);
    this.panel.replaceChildren(legend, el("div", { class: "fields" }, this.fields.map((each) => each.shown)));
    this.panel.hidden = false;
    this.text.value = "";
    this.text.closest(".line").classList.add("commanding");
    const target = this.fields.find((each) => each.input.required) ?? this.fields[0];
    if (target && first && target.input.type === "text") target.input.value = first;
    (target?.input ?? this.form.querySelector(".send")).focus();
  }

  cancel(focus = true) {
    this.command = null;
    this.panel.hidden = true;
    this.panel.replaceChildren();
    this.text.value = "";
    this.text.closest(".line").classList.remove("commanding");
    this.palette.hide();
    if (focus) this.text.focus();
  }

  field(option) {
    const id = freshId("option");
    const made = this.input(option, id);
    const label = el("label", { for: id }, option.name, option.required ? el("span", { class: "needed" }, " *") : null);
    const hint = el("small", { id: `${id}-hint` }, option.description);
    made.input.setAttribute("aria-describedby", hint.id);
    made.input.setAttribute("name", option.name);
    return { ...made, option, shown: el("div", { class: "field" }, label, made.box ?? made.input, hint) };
  }

  input(option, id) {
    const required = option.required;
    const plain = (tag, more, ...children) => el(tag, { id, required, autocomplete: "off", ...more }, ...children);
    const pick = (choices) => {
      const input = plain("select", {}, el("option", { value: "" }, ""), choices.map((each, number) => el("option", { value: String(number) }, each.name)));
      return { input, read: () => (input.value === "" ? undefined : choices[Number(input.value)].value) };
    };
    const people = (names) => pick(Object.entries(names).map(([value, name]) => ({ name, value })));
    if (option.choices?.length) return pick(option.choices);
    if (option.type === BOOLEAN) return pick([{ name: "True", value: true }, { name: "False", value: false }]);
    if (option.type === CHANNEL) return people(this.room.who.channels);
    if (option.type === USER) return people(this.room.who.users);
    if (option.type === FILE) {
      const input = plain("input", { type: "file" });
      return { input, read: () => input.files[0] };
    }
    if (option.type === INTEGER || option.type === NUMBER) {
      const step = option.type === INTEGER ? "1" : "any";
      const input = plain("input", { type: "number", min: option.min_value, max: option.max_value, step });
      return { input, read: () => (input.value === "" ? undefined : Number(input.value)) };
    }
    const limits = { type: "text", minlength: option.min_length, maxlength: option.max_length };
    if (!option.autocomplete || option.type !== STRING) {
      const input = plain("input", limits);
      return { input, read: () => input.value || undefined };
    }
    return this.completing(option, plain("input", { ...limits, role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list" }));
  }

  // A field whose choices the bot offers as one types; what is typed and not chosen is sent as it stands.
  completing(option, input) {
    const list = el("div", { class: "list offers", role: "listbox", id: freshId("offers"), "aria-label": `Choices for ${option.name}`, hidden: true });
    input.setAttribute("aria-controls", list.id);
    let chosen = null, timer = 0, asked = 0;
    const offers = new Offers(input, list, (choice) => { chosen = choice; input.value = choice.name; });
    const ask = async () => {
      const mine = ++asked;
      const body = { name: this.command?.name ?? "", option: option.name, typed: input.value, options: this.values(option.name) };
      const answer = await tried(() => call(`/api/channels/${this.room.channel.id}/completions`, body));
      if (answer && mine === asked && document.activeElement === input) offers.show(answer.choices, (each) => [el("span", {}, each.name)], -1);
    };
    const soon = () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); };
    input.addEventListener("input", () => { chosen = null; soon(); });
    input.addEventListener("focus", soon);
    input.addEventListener("keydown", (event) => { if (event.key !== "Tab") offers.key(event); });
    const read = () => (chosen?.name === input.value ? chosen.value : input.value) || undefined;
    return { input, read, box: el("div", { class: "holder" }, input, list) };
  }

  values(but) {
    const filled = this.fields.filter((each) => each.option.name !== but).map((each) => [each.option.name, each.read()]);
    return Object.fromEntries(filled.filter(([, value]) => value !== undefined && !(value instanceof File)));
  }

  send() {
    if (this.command) return this.sendCommand();
    const content = this.text.value.trim();
    if (!content) return;
    const { bot, channel } = this.room;
    const body = { content: content.replaceAll(`@${bot.username}`, `<@${bot.id}>`) };
    if (this.replied) body.reply_to = this.replied.id;
    this.text.value = "";
    this.reply(null);
    this.typed();
    this.room.follow();
    return tried(() => call(`/api/channels/${channel.id}/messages`, body));
  }

  async sendCommand() {
    const { command, fields } = this;
    if (!this.form.reportValidity()) return;
    const used = { name: command.name, options: this.values() };
    const files = fields.map((each) => [each.option.name, each.read()]).filter(([, value]) => value instanceof File);
    let body = used;
    if (files.length) {
      body = new FormData();
      body.append("command", JSON.stringify(used));
      for (const [name, file] of files) body.append(name, file, file.name);
    }
    this.cancel();
    this.room.follow();
    await act(`/api/channels/${this.room.channel.id}/commands`, body, this.room.who);
  }
}
