// Comfort only: every page works without this file.
"use strict";

// The menu is open where there is room for it.
const wide = matchMedia("(min-width: 60rem)");
function fit() {
  for (const menu of document.querySelectorAll("details[data-open-wide]")) menu.open = wide.matches;
}
wide.addEventListener("change", fit);
fit();

// A select that is marked so sends its form; without a script the form's button does.
for (const select of document.querySelectorAll("select[data-send]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// Choose all of a list at once.
for (const all of document.querySelectorAll("input[data-choose-all]")) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll(`input[name="${all.dataset.chooseAll}"]`)) box.checked = all.checked;
  });
}

// What changes by itself: a part marked data-live="seconds" is fetched anew, while somebody looks and is not long away.
// When the new page has no such part, the work has ended and the whole page is shown anew.
const AWAY_MS = 15 * 60 * 1000; // an unattended page must not keep its session alive
let touched = Date.now();
for (const kind of ["pointerdown", "pointermove", "keydown", "scroll"]) addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
async function renew(part) {
  if (document.hidden || Date.now() - touched > AWAY_MS) return;
  const reply = await fetch(location.href, { credentials: "same-origin" });
  if (!reply.ok || reply.redirected) return;
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").querySelector("[data-live]");
  if (!fresh) { location.reload(); return; }
  if (fresh.innerHTML === part.innerHTML) return;
  const log = part.querySelector("pre.log");
  const focused = document.activeElement === log;
  part.replaceChildren(...fresh.childNodes);
  const now = part.querySelector("pre.log");
  if (now) { now.scrollTop = now.scrollHeight; if (focused) now.focus(); }
}
for (const part of document.querySelectorAll("[data-live]")) {
  const log = part.querySelector("pre.log");
  if (log) log.scrollTop = log.scrollHeight;
  setInterval(() => renew(part).catch(() => {}), Number(part.dataset.live) * 1000);
}

// Keys for the inbox and conversations; none while somebody types, none with Ctrl, Alt or Meta.
const rows = [...document.querySelectorAll("[data-row]")];
let at = -1;
function move(step) {
  if (!rows.length) return;
  at = Math.min(rows.length - 1, Math.max(0, at + step));
  const link = rows[at].querySelector("a[data-open]");
  rows.forEach((row, index) => row.classList.toggle("at", index === at));
  (link || rows[at]).focus();
}
function press(selector) {
  const place = rows.length ? rows[Math.max(at, 0)] : document; // never another row's: not every turn can be corrected
  const target = place.querySelector(selector);
  if (target) target.click();
  return Boolean(target);
}
const keys = {
  j: () => move(1),
  k: () => move(-1),
  o: () => press("a[data-open]"),
  c: () => press("a[data-correct]"),
  x: () => press("input[data-choose]"),
  e: () => press("button[data-done]"),
  "/": () => document.querySelector("input[data-search]")?.focus(),
  "?": () => { const help = document.querySelector("details[data-keys]"); if (help) help.open = !help.open; },
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape" && typing) typing.blur();
  if (typing || event.ctrlKey || event.altKey || event.metaKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
