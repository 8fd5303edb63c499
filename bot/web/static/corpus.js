// The corpus view: explains answers, draws the map, and shows pages with their entries and passages marked.

import { call, header } from "./page.js";

call("/api/place").then(({ views }) => header(views));

const SVG = "http://www.w3.org/2000/svg";
const KINDS = { paper: "Papers", job: "Job posts", article: "Articles", figure: "Figures" };
const find = (id) => document.getElementById(id);

/** Make an element; children are elements or text, never markup. */
function make(name, facts = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(facts)) {
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// What would turn the reading order or cannot be seen; each is replaced by one character, so that offsets hold.
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

async function asked(path) {
  const response = await fetch(path);
  const told = JSON.parse(await response.text(), (_, value) => (typeof value === "string" ? value.replace(UNSEEN, "\ufffd") : value));
  if (!response.ok) throw new Error(told.error ?? response.statusText);
  return told;
}

const counted = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
const day = (moment) => moment.slice(0, 10);

// Why this answer

let lit = new Map();

find("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const question = find("question").value.trim();
  if (!question) return;
  const shown = find("explained");
  try {
    const found = await asked(`/api/corpus/explanation?${new URLSearchParams({ question })}`);
    shown.replaceChildren(...explanation(found));
    lit = new Map(found.found.map((each) => [each.entry, each]));
    lightUp();
  } catch (error) {
    shown.replaceChildren(make("p", { class: "failed" }, error.message));
  }
});

// Until somebody listens, a question cannot be sent: it would be lost.
for (const field of find("ask").elements) field.disabled = false;

function explanation(found) {
  const { answer } = found;
  const sure = `confidence ${answer.confidence.toFixed(3)}, an answer is given from ${found.threshold.toFixed(3)} on`;
  return [
    make("p", { class: "verdict" }, answer.answered ? answer.summary ?? "Answered." : `Not answered. ${answer.summary ?? ""}`),
    make("p", { class: "small" }, `${sure}${found.refusal ? `; missing: ${found.refusal}` : ""}`),
    make("h3", {}, "Read as"),
    make("div", { class: "row" },
      make("span", { class: "chip" }, `${found.intent}${found.kind ? ` · ${KINDS[found.kind].toLowerCase()}` : ""}`),
      ...found.recognised.map(name),
      found.searched === answer.question ? null : make("span", { class: "chip" }, `searched: ${found.searched}`)),
    make("h3", {}, "Found"),
    make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "What was found" }, scores(found.found)),
    make("h3", {}, "Weighed for the confidence"),
    make("div", { class: "row" }, ...found.weighed.slice(0, 8).map((each) =>
      make("span", { class: "chip" }, `${each.name} ${each.value} (${each.adds >= 0 ? "+" : "−"}${Math.abs(each.adds).toFixed(2)})`))),
  ];
}

function name(each) {
  const exact = each.exactness === 1 ? "" : `, ${Math.round(100 * each.exactness)} % exact`;
  return make("span", { class: "chip" }, `${each.what}: ${each.name}, ${counted(each.entries, "entry", "entries")}${exact}`);
}

function scores(rows) {
  const columns = ["score", "passage", "sentence", "words", "facts"];
  return make("table", {},
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "#"), make("th", { scope: "col" }, "entry"),
      ...columns.map((column) => make("th", { scope: "col" }, column)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {},
      make("td", { class: "number" }, String(row.rank)),
      make("td", { class: "entry" }, make("button", { type: "button", onclick: () => open(row.document, row.entry) }, row.title),
        make("span", { class: `kind-${row.kind}` }, ` ${row.kind}`)),
      ...columns.map((column) => make("td", { class: "number" },
        make("meter", { min: 0, max: 1, value: Math.min(1, row[column]), "aria-hidden": "true" }), ` ${row[column].toFixed(3)}`))))));
}

// The map

const dots = new Map();
const titles = new Map();

async function drawMap() {
  const told = find("map-told");
  const before = told.textContent;
  told.textContent = "Laying out the passages…";
  try {
    const points = await asked("/api/corpus/map");
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", "-0.03 -0.03 1.06 1.06");
    for (const point of points) {
      const dot = document.createElementNS(SVG, "circle");
      dot.setAttribute("cx", point.x);
      dot.setAttribute("cy", point.y);
      dot.setAttribute("r", 0.008);
      dot.addEventListener("click", () => open(point.document, point.entry));
      dot.addEventListener("mouseenter", () => { find("map-under").textContent = titles.get(point.entry) ?? `${point.kind} in ${point.document}`; });
      picture.append(dot);
      dots.set(point.passage, { dot, point });
    }
    find("map").replaceChildren(picture);
    told.textContent = before;
    paint();
  } catch (error) {
    told.textContent = error.message;
  }
}

/** Colour the map by kind or by digest; digests share the circle of hues evenly. */
function paint() {
  const byDigest = find("by-digest").checked;
  const digests = [...new Set([...dots.values()].map(({ point }) => point.document))].sort();
  const hue = (digest) => `hsl(${Math.round((360 * digests.indexOf(digest)) / digests.length)} 65% 50%)`;
  for (const { dot, point } of dots.values()) {
    dot.setAttribute("class", byDigest ? "" : `kind-${point.kind}`);
    dot.style.color = byDigest ? hue(point.document) : "";
  }
  const keys = byDigest ? digests.map((digest) => [digest, ""]) : Object.entries(KINDS).map(([kind, title]) => [title, `kind-${kind}`]);
  find("map-legend").replaceChildren(...keys.map(([title, kind]) => {
    const key = make("span", { class: `key ${kind}` });
    if (byDigest) key.style.color = hue(title);
    return make("span", { class: "small" }, key, title);
  }));
  lightUp();
}

function lightUp() {
  let count = 0;
  for (const { dot, point } of dots.values()) {
    const hit = lit.get(point.entry);
    dot.classList.toggle("lit", Boolean(hit));
    dot.setAttribute("r", hit ? 0.012 + 0.008 * Math.min(1, hit.score) : 0.008);
    if (hit) {
      titles.set(point.entry, `[${hit.rank}] ${hit.title}`);
      dot.parentNode.append(dot);
      count += 1;
    }
  }
  if (lit.size && dots.size) find("map-told").textContent = `${counted(count, "passage", "passages")} of ${counted(lit.size, "entry", "entries")} found are lit up.`;
}

// Digests and pages

let exam = null;

async function drawShelf() {
  const paths = ["documents", "exam", "feedback"].map((part) => asked(`/api/corpus/${part}`));
  const [documents, last, votes] = await Promise.all(paths);
  exam = last;
  find("documents").replaceChildren(...documents.map((each) => make("li", {},
    make("button", { type: "button", onclick: () => open(each.id) }, each.title),
    make("p", { class: "small" }, shelved(each)))));
  find("exam").replaceChildren(...(exam ? examined() : [make("p", { class: "small" }, "No exam has been held: digestbot exam tells how well the entries are found.")]));
  find("feedback").replaceChildren(...voted(votes));
}

function shelved(each) {
  const kinds = Object.entries(each.counts).map(([kind, count]) => {
    const many = KINDS[kind].toLowerCase();
    return counted(count, many.slice(0, -1), many);
  });
  const dated = each.published ? `published ${each.published}` : `read ${day(each.ingested_at)}`;
  const odd = each.unplaced.length ? `${each.unplaced.length} not recognised` : null;
  return [each.id, [each.venue, each.year].filter(Boolean).join(" "), kinds.join(", "), dated, odd].filter(Boolean).join(" · ");
}

function voted(votes) {
  const up = votes.filter((each) => each.vote === "up").length;
  const rows = votes.map((each) => make("li", {}, each.vote === "up" ? "👍 " : "👎 ",
    make("button", { type: "button", onclick: () => ask(each.question) }, each.question), each.reason ? ` ${each.reason}` : ""));
  return [make("h3", {}, "Feedback"), make("p", { class: "small" }, votes.length ? `The last ${counted(votes.length, "vote", "votes")}: ${up} up, ${votes.length - up} down.` : "Nobody has rated an answer yet."),
    votes.length ? make("ul", {}, ...rows) : null].filter(Boolean);
}

function examined() {
  const { overall } = exam.marks;
  const text = overall ? `Last exam, ${day(exam.at)}: ${counted(overall.n, "question", "questions")}, the right entry first for ${Math.round(100 * overall["success@1"])} %, among five for ${Math.round(100 * overall["recall@5"])} %.` : `Last exam, ${day(exam.at)}.`;
  const missed = exam.misses.slice(0, 20).map((each) => make("li", {}, make("button", { type: "button", onclick: () => ask(each.question) }, each.question), ` (${each.form})`));
  return [make("h3", {}, "Coverage"), make("p", { class: "small" }, text),
    missed.length ? make("details", {}, make("summary", {}, counted(exam.misses.length, "question that found nothing", "questions that found nothing")), make("ul", {}, ...missed)) : null].filter(Boolean);
}

function ask(question) {
  find("question").value = question;
  find("ask").requestSubmit();
  find("question").focus();
}

let page = null;
let chosen = null;

async function open(id, entry = null) {
  try {
    if (page?.id !== id) {
      chosen = null;
      page = await asked(`/api/corpus/documents/${encodeURIComponent(id)}`);
      drawPage();
    }
    find("page").scrollIntoView({ block: "start" });
    if (entry !== null) choose(entry);
  } catch (error) {
    find("page-facts").textContent = error.message;
  }
}

function drawPage() {
  find("page-title").textContent = page.title;
  find("page-facts").textContent = shelved(page);
  find("page-tools").hidden = false;
  find("filter").value = "";
  for (const each of page.entries) titles.set(each.id, each.title);
  drawEntries();
  drawText();
}

function drawEntries() {
  const words = find("filter").value.toLowerCase();
  const shown = page.entries.filter((each) => [each.kind, each.title, each.section, each.company, each.place, each.team, ...each.authors].join(" ").toLowerCase().includes(words));
  find("entries").replaceChildren(...shown.map((each) => {
    const asked = exam?.entries[each.key];
    const facts = [each.section, each.authors.join(", "), each.company, each.place, each.team, counted(each.passages.length, "passage", "passages"),
      asked ? `found in ${asked[0]} of ${asked[1]} questions` : null].filter(Boolean).join(" · ");
    return make("li", { "data-entry": each.id }, make("span", { class: `kind-${each.kind}` }, `${each.kind} `),
      make("button", { type: "button", onclick: () => choose(each.id) }, each.title), make("p", { class: "small" }, facts));
  }));
}

/** The text, cut where an entry, a passage or an unplaced stretch begins or ends; offsets count code points. */
function drawText() {
  const points = Array.from(page.text);
  const cuts = find("cuts").checked;
  const edges = new Set([0, points.length]);
  for (const each of page.entries) {
    edges.add(each.start).add(each.end);
    if (cuts) for (const [start, end] of each.passages) edges.add(start).add(end);
  }
  for (const [start, end] of page.unplaced) edges.add(start).add(end);
  const sorted = [...edges].sort((one, other) => one - other);
  const within = (spans, at) => spans.findIndex(([start, end]) => start <= at && at < end);
  const pieces = [];
  let number = 0;
  for (let i = 0; i + 1 < sorted.length; i += 1) {
    const [start, end] = [sorted[i], sorted[i + 1]];
    while (number < page.entries.length && page.entries[number].end <= start) number += 1;
    const entry = page.entries[number];
    const inside = entry && entry.start <= start;
    const classes = [];
    if (inside) classes.push(`kind-${entry.kind}`);
    if (inside && entry.start === start) classes.push("begins");
    if (inside && entry.id === chosen) classes.push("chosen");
    if (cuts && inside && within(entry.passages, start) >= 0) classes.push("cut");
    if (cuts && inside && entry.passages.some(([first]) => first === start)) classes.push("opens");
    if (within(page.unplaced, start) >= 0) classes.push("unplaced");
    const words = points.slice(start, end).join("");
    pieces.push(classes.length ? make(inside ? "mark" : "span", { class: classes.join(" "), "data-entry": inside ? entry.id : null }, words) : words);
  }
  find("text").replaceChildren(...pieces);
}

function choose(id) {
  chosen = id;
  for (const each of document.querySelectorAll("#text mark")) each.classList.toggle("chosen", each.dataset.entry === String(id));
  for (const each of document.querySelectorAll("#entries li")) {
    const current = each.dataset.entry === String(id);
    each.querySelector("button").toggleAttribute("aria-current", current);
    if (current) find("entries").scrollTop = each.offsetTop - find("entries").offsetTop;
  }
  const first = document.querySelector("#text mark.chosen");
  if (first) find("text").scrollTop = first.offsetTop - find("text").offsetTop - 20;
}

find("filter").addEventListener("input", drawEntries);
find("cuts").addEventListener("change", drawText);
find("by-digest").addEventListener("change", paint);
await drawShelf();
await drawMap();
