// Discord's Markdown, as far as a bot's replies use it, from text to elements.

import { el } from "./dom.js";

const ADDRESS = "https?:\\/\\/[^\\s<>]+";
const INSIDE = (mark) => `((?:\\\\[\\s\\S]|(?!${mark})[^\\\\])+?)`;
const INLINE = [
  [/\\([^0-9A-Za-z\s])/y, (found) => found[1]],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, (found) => el("code", {}, found[2].trim() || found[2])],
  [new RegExp(`\\[((?:\\\\.|[^\\]\\\\\\n])+)\\]\\(<?(${ADDRESS.replace("<>", "<>)")})>?\\)`, "y"),
    (found, who) => link(found[2], inline(found[1], who))],
  [new RegExp(`<(${ADDRESS})>`, "y"), (found) => link(found[1], found[1])],
  [/https?:\/\/[^\s<]+[^\s<.,:;"'!?)\]]/y, (found) => link(found[0], found[0])],
  [/<@!?(\d+)>/y, (found, who) => mention(`@${who.users[found[1]] ?? "unknown-user"}`)],
  [/<#(\d+)>/y, (found, who) => mention(`#${who.channels[found[1]] ?? "unknown"}`)],
  [/<@&\d+>/y, () => mention("@role")],
  [/<\/([^<>:]+):\d+>/y, (found) => mention(`/${found[1]}`)],
  [/@(?:everyone|here)/y, (found) => mention(found[0])],
  [/<t:(-?\d+)(?::([tTdDfFR]))?>/y, (found) => moment(Number(found[1]), found[2])],
  [/<a?:(\w+):\d+>/y, (found) => `:${found[1]}:`],
  [new RegExp(`\\*\\*${INSIDE("\\*\\*")}\\*\\*(?!\\*)`, "y"), (found, who) => el("strong", {}, inline(found[1], who))],
  [new RegExp(`__${INSIDE("__")}__(?!_)`, "y"), (found, who) => el("u", {}, inline(found[1], who))],
  [new RegExp(`~~${INSIDE("~~")}~~`, "y"), (found, who) => el("s", {}, inline(found[1], who))],
  [new RegExp(`\\|\\|${INSIDE("\\|\\|")}\\|\\|`, "y"), (found, who) => spoiler(inline(found[1], who))],
  [new RegExp(`\\*(?=\\S)${INSIDE("\\*")}\\*(?!\\*)`, "y"), (found, who) => el("em", {}, inline(found[1], who))],
  [new RegExp(`_${INSIDE("_")}_(?![0-9A-Za-z_])`, "y"), (found, who) => el("em", {}, inline(found[1], who))],
];
const PLAIN = /[^\\`[<h@*_~|]+|[\s\S]/y;
const FENCE = /```(?:([\w+-]+)\n)?\n?([\s\S]*?)```/g;
const LINE = /^(?:(#{1,3}) +(.+)|(-#) +(.+)|(\s*)(?:[-*]|(\d+)\.) +(.+))$/;

// A text's nodes; `who` names users and channels by id.
export function markdown(text, who) {
  const nodes = [];
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    nodes.push(...blocks(text.slice(from, fence.index).replace(/\n$/, ""), who));
    nodes.push(el("pre", { tabindex: "0" }, el("code", {}, fence[2].replace(/\n$/, ""))));
    from = fence.index + fence[0].length;
  }
  nodes.push(...blocks(from ? text.slice(from).replace(/^\n/, "") : text, who));
  return nodes;
}

function blocks(text, who) {
  const nodes = [];
  const plain = [];
  const flush = () => {
    if (plain.length) nodes.push(el("div", { class: "text" }, inline(plain.join("\n"), who)));
    plain.length = 0;
  };
  const lines = text === "" ? [] : text.split("\n");
  while (lines.length) {
    if (lines[0].startsWith(">>> ")) {
      flush();
      nodes.push(quote([lines.shift().slice(4), ...lines.splice(0)], who));
    } else if (lines[0].startsWith("> ")) {
      flush();
      const quoted = [];
      while (lines.length && lines[0].startsWith("> ")) quoted.push(lines.shift().slice(2));
      nodes.push(quote(quoted, who));
    } else {
      const line = lines.shift();
      const found = LINE.exec(line);
      if (!found) { plain.push(line); continue; }
      flush();
      if (found[1]) nodes.push(el("div", { class: `heading h${found[1].length}` }, inline(found[2], who)));
      else if (found[3]) nodes.push(el("small", {}, inline(found[4], who)));
      else nodes.push(el("div", { class: `item${found[5] ? " deep" : ""}`, "data-mark": found[6] ? `${found[6]}.` : "•" },
        inline(found[7], who)));
    }
  }
  flush();
  return nodes;
}

const quote = (lines, who) => el("blockquote", {}, blocks(lines.join("\n"), who));

// A line's nodes: what stands within lines.
export function inline(text, who) {
  const nodes = [];
  let at = 0;
  const add = (node) => {
    if (typeof node === "string" && typeof nodes.at(-1) === "string") nodes[nodes.length - 1] += node;
    else nodes.push(node);
  };
  reading: while (at < text.length) {
    for (const [pattern, make] of INLINE) {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found) {
        add(make(found, who));
        at += found[0].length;
        continue reading;
      }
    }
    PLAIN.lastIndex = at;
    const [plain] = PLAIN.exec(text);
    add(plain);
    at += plain.length;
  }
  return nodes;
}

export const link = (href, shown) => el("a", { href, target: "_blank", rel: "noopener noreferrer" }, shown);
const mention = (name) => el("span", { class: "mention" }, name);

function spoiler(children) {
  const shown = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler" }, children);
  const open = () => { shown.classList.add("open"); shown.removeAttribute("role"); shown.removeAttribute("aria-label"); };
  shown.addEventListener("click", open);
  shown.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") open(); });
  return shown;
}

function moment(seconds, style) {
  const date = new Date(seconds * 1000);
  const days = Math.round((date - Date.now()) / 86400000);
  const said = style === "R"
    ? new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(days, "day")
    : new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: /[dD]/.test(style) ? undefined : "short" }).format(date);
  return el("time", { class: "mention", datetime: date.toISOString() }, said);
}
