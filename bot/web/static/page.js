// What every view shares: the header with its links and the theme, the notices, and talking to the server.

import { byId, el } from "./dom.js";

const THEME = "digestbot-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export async function call(path, body) {
  const form = body instanceof FormData;
  const options = body === undefined ? {} : {
    method: "POST",
    body: form ? body : JSON.stringify(body),
    headers: form ? {} : { "Content-Type": "application/json" },
  };
  const response = await fetch(path, options);
  const said = await response.text();
  let answer = {};
  try { answer = JSON.parse(said); } catch { answer = { error: said }; }
  if (!response.ok) throw new Error(answer.error || `${response.status} ${response.statusText}`);
  return answer;
}

export function notice(text) {
  const shown = el("div", { class: "notice" }, el("span", {}, text));
  shown.append(el("button", { type: "button", "aria-label": "Dismiss", on: { click: () => shown.remove() } }, "×"));
  byId("notices").append(shown);
  setTimeout(() => shown.remove(), 12000);
}

// Run what may fail; a failure is told in a line.
export async function tried(work) {
  try { return await work(); } catch (error) {
    notice(error instanceof TypeError ? "digestbot does not answer: is it still running?" : sentence(error.message));
    return null;
  }
}

export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1).replace(/[^.!?]$/, "$&.");

export function header(views) {
  const here = location.pathname;
  const links = views.map((view) => el(
    "a", { href: view.path, "aria-current": view.path === here ? "page" : undefined }, view.title,
  ));
  byId("top").append(el("nav", { class: "views", "aria-label": "Views" }, links), themeButton());
}

function theme() {
  return localStorage.getItem(THEME) ?? (dark.matches ? "dark" : "light");
}

function themeButton() {
  const button = el("button", { type: "button", class: "theme" });
  const show = () => {
    document.documentElement.dataset.theme = theme();
    button.textContent = theme() === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", `Switch to ${theme() === "dark" ? "light" : "dark"} colours`);
  };
  button.addEventListener("click", () => {
    localStorage.setItem(THEME, theme() === "dark" ? "light" : "dark");
    show();
  });
  dark.addEventListener("change", show);
  show();
  return button;
}

document.documentElement.dataset.theme = theme();
