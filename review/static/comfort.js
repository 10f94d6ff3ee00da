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
  const place = at >= 0 && rows[at].querySelector(selector) ? rows[at] : document;
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
