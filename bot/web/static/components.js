// Buttons, selects and what else stands in rows, and the forms that a bot opens.

import { el, freshId } from "./dom.js";
import { inline, markdown } from "./markdown.js";
import { call, sentence, tried } from "./page.js";

const ROW = 1, BUTTON = 2, SELECT = 3, TEXT_INPUT = 4, CHANNELS = 8, SECTION = 9, TEXT = 10, SEPARATOR = 14;
const CONTAINER = 17, LABEL = 18, LINK = 5, PARAGRAPH = 2;
const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "secondary", 6: "secondary" };

// The elements of a list of components; `act` is called with what a person does to one.
export function components(list, who, act) {
  return list.map((each) => component(each, who, act));
}

function component(one, who, act) {
  const inner = () => components(one.components ?? [], who, act);
  if (one.type === ROW) return el("div", { class: "row" }, inner());
  if (one.type === BUTTON) return button(one, act);
  if (one.type >= SELECT && one.type <= CHANNELS && one.type !== TEXT_INPUT) return select(one, who, act);
  if (one.type === TEXT) return el("div", { class: "display" }, markdown(one.content, who));
  if (one.type === SEPARATOR) return el("hr", {});
  if (one.type === SECTION) {
    return el("div", { class: "section" }, el("div", {}, inner()), component(one.accessory, who, act));
  }
  if (one.type === CONTAINER) {
    return el("div", { class: "container", style: { "--colour": colour(one.accent_color) } }, inner());
  }
  return el("div", { class: "unknown" }, `(a component of type ${one.type}, which this page does not draw)`);
}

export const colour = (number) => (number ? `#${number.toString(16).padStart(6, "0")}` : "var(--line)");

function button(one, act) {
  const face = [one.emoji?.name && !one.emoji.id ? `${one.emoji.name} ` : null, one.label].filter(Boolean);
  const label = one.label ? undefined : one.emoji?.name;
  if (one.style === LINK) {
    return el("a", { class: "press secondary", href: one.url, target: "_blank", rel: "noopener noreferrer" }, face, " ↗");
  }
  const pressed = async () => {
    if (shown.getAttribute("aria-busy")) return;
    shown.setAttribute("aria-busy", "true"); // not disabled, for that would lose the focus
    await act({ custom_id: one.custom_id });
    shown.removeAttribute("aria-busy");
  };
  const shown = el("button", {
    type: "button", class: `press ${STYLES[one.style]}`, "data-custom-id": one.custom_id, disabled: one.disabled,
    "aria-label": label, on: { click: pressed },
  }, face);
  return shown;
}

// A select as Discord draws it: a box that opens a list; with several to choose, the choice is sent when it closes.
function select(one, who, act) {
  const options = one.options ?? choosable(one.type, who);
  const most = one.max_values ?? 1;
  const chosen = new Set(options.filter((option) => option.default).map((option) => option.value));
  const list = el("div", {
    class: "list options", role: "listbox", id: freshId("options"), tabindex: "0", hidden: true,
    "aria-label": one.placeholder || "Choose", "aria-multiselectable": most > 1 ? "true" : undefined,
  });
  const box = el("button", {
    type: "button", class: "select", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": list.id,
    "data-custom-id": one.custom_id, disabled: one.disabled,
  });
  let at = 0;
  const name = () => {
    const names = options.filter((option) => chosen.has(option.value)).map((option) => option.label);
    box.replaceChildren(
      el("span", { class: names.length ? "" : "placeholder" }, names.join(", ") || one.placeholder || "Choose"),
      el("span", { class: "arrow", "aria-hidden": "true" }, "▾"),
    );
  };
  const rows = options.map((option, number) => el("div", {
    class: "option", role: "option", id: freshId("option"), "aria-selected": String(chosen.has(option.value)),
    on: { click: () => pick(number), mousemove: () => mark(number) },
  }, el("span", {}, option.emoji?.name && !option.emoji.id ? `${option.emoji.name} ` : "", option.label),
  option.description ? el("small", {}, option.description) : null));
  const mark = (number) => {
    at = number;
    rows.forEach((row, each) => row.classList.toggle("at", each === at));
    list.setAttribute("aria-activedescendant", rows[at].id);
  };
  const open = () => {
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    mark(0);
    list.focus();
    list.scrollIntoView({ block: "nearest" });
  };
  const close = (back) => {
    if (list.hidden) return;
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    if (back) box.focus();
    if (most > 1 && chosen.size >= (one.min_values ?? 1)) send();
  };
  const send = async () => {
    const values = [...chosen];
    await act({ custom_id: one.custom_id, values });
    if (most === 1 && !options.some((option) => option.default)) chosen.clear(), name();
  };
  const pick = (number) => {
    const { value } = options[number];
    if (most > 1) {
      if (!chosen.delete(value) && chosen.size < most) chosen.add(value);
    } else {
      chosen.clear();
      chosen.add(value);
    }
    rows.forEach((row, each) => row.setAttribute("aria-selected", String(chosen.has(options[each].value))));
    name();
    if (most === 1) { close(true); send(); }
  };
  const keys = {
    ArrowDown: () => mark(Math.min(at + 1, rows.length - 1)), ArrowUp: () => mark(Math.max(at - 1, 0)),
    Home: () => mark(0), End: () => mark(rows.length - 1), Enter: () => pick(at), " ": () => pick(at),
    Escape: () => close(true),
  };
  list.append(...rows);
  list.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
    rows[at].scrollIntoView({ block: "nearest" });
  });
  list.addEventListener("focusout", () => close(false));
  box.addEventListener("mousedown", (event) => { if (!list.hidden) event.preventDefault(); });
  box.addEventListener("click", () => (list.hidden ? open() : close(true)));
  name();
  return el("div", { class: "holder" }, box, list);
}

const named = (names) => Object.entries(names).map(([value, label]) => ({ value, label }));
const choosable = (type, who) => (type === CHANNELS ? named(who.channels) : named(who.users));

// Open a form in a dialog; whoever opened it gets the focus back.
export function openForm(form, who, answered) {
  const heading = el("h2", { id: freshId("form") }, form.title);
  const problem = el("p", { class: "problem", role: "alert" });
  const fields = [];
  const body = form.components.map((each) => formPart(each, who, fields));
  const cancel = el("button", { type: "button", class: "press secondary", on: { click: () => dialog.close() } }, "Cancel");
  const dialog = el("dialog", { class: "form", "aria-labelledby": heading.id }, el("form", {
    on: {
      submit: async (event) => {
        event.preventDefault();
        const values = Object.fromEntries(fields.map(([name, read]) => [name, read()]));
        try {
          const answer = await call(`/api/forms/${form.id}`, { fields: values });
          dialog.close();
          answered(answer);
        } catch (error) { problem.textContent = sentence(error.message); }
      },
    },
  }, heading, body, problem, el("div", { class: "ends" }, cancel, el("button", { class: "press primary" }, "Submit"))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("input, textarea, select")?.focus();
}

function formPart(one, who, fields) {
  if (one.type === TEXT) return el("div", { class: "display" }, markdown(one.content, who));
  const inner = one.type === LABEL ? one.component : one.components?.[0];
  if (inner?.type !== TEXT_INPUT && inner?.type !== SELECT) {
    return el("div", { class: "unknown" }, `(a field of type ${inner?.type}, which this page does not draw)`);
  }
  const id = freshId("field");
  const needed = inner.required !== false;
  const label = el("label", { for: id }, one.label ?? inner.label, needed ? el("span", { class: "needed" }, " *") : null);
  const hint = one.description ? el("small", {}, inline(one.description, who)) : null;
  return el("div", { class: "field" }, label, hint, formField(inner, id, needed, fields));
}

function formField(inner, id, needed, fields) {
  if (inner.type === SELECT) {
    const many = (inner.max_values ?? 1) > 1;
    const options = inner.options.map((option) => el("option", { value: option.value, selected: option.default }, option.label));
    const field = el("select", { id, required: needed, multiple: many }, many ? null : el("option", { value: "" }, inner.placeholder ?? ""), options);
    fields.push([inner.custom_id, () => [...field.selectedOptions].map((option) => option.value).filter(Boolean)]);
    return field;
  }
  const field = el(inner.style === PARAGRAPH ? "textarea" : "input", {
    id, required: needed, minlength: inner.min_length, maxlength: inner.max_length ?? 4000, placeholder: inner.placeholder,
    rows: inner.style === PARAGRAPH ? "4" : undefined, value: inner.value ?? "",
  });
  fields.push([inner.custom_id, () => field.value]);
  return field;
}

// Do something to a message's component; a form that this opens is shown.
export async function act(path, body, who) {
  const answer = await tried(() => call(path, body));
  if (answer?.form) openForm(answer.form, who, () => {});
  return answer;
}
