// A list under a text field: what is offered as one types, chosen by keys or pointer.

import { el, freshId } from "./dom.js";

export class Offers {
  // `field` is typed into, `list` shows, `pick` is called with the item chosen.
  constructor(field, list, pick) {
    Object.assign(this, { field, list, pick, items: [], at: -1 });
    list.id ||= freshId("list");
    field.addEventListener("blur", () => this.hide());
    list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get open() { return !this.list.hidden; }

  show(items, row, first = 0) {
    this.items = items;
    this.rows = items.map((item, number) => el("div", {
      class: "option", role: "option", id: freshId("offer"), "aria-selected": "false",
      on: { click: () => this.choose(number), mousemove: () => this.mark(number) },
    }, row(item)));
    this.list.replaceChildren(...this.rows);
    this.list.hidden = items.length === 0;
    if (this.field.getAttribute("role") === "combobox") this.field.setAttribute("aria-expanded", String(this.open));
    this.mark(items.length ? first : -1);
  }

  hide() { this.show([], () => []); }

  mark(number) {
    this.at = number;
    this.rows?.forEach((row, each) => {
      row.classList.toggle("at", each === number);
      row.setAttribute("aria-selected", String(each === number));
    });
    if (number >= 0) {
      this.field.setAttribute("aria-activedescendant", this.rows[number].id);
      this.rows[number].scrollIntoView({ block: "nearest" });
    } else this.field.removeAttribute("aria-activedescendant");
  }

  choose(number) {
    const item = this.items[number];
    this.hide();
    this.pick(item);
  }

  // Take a key that the list understands; tell whether it did.
  key(event) {
    if (!this.open) return false;
    const last = this.items.length - 1;
    const moves = { ArrowDown: this.at >= last ? 0 : this.at + 1, ArrowUp: this.at <= 0 ? last : this.at - 1 };
    if (event.key in moves) this.mark(moves[event.key]);
    else if ((event.key === "Enter" || event.key === "Tab") && this.at >= 0) this.choose(this.at);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    return true;
  }
}
