// Makes the staff's desks quicker; every page works without it.
"use strict";

// ---- in a hand the rail is a strip wider than the window: the desk one is at stands in sight ----

const here = document.querySelector(".rail [aria-current]");
if (here) here.scrollIntoView({ block: "nearest", inline: "center" });

// ---- so do the chips of a filter: what is chosen stands in sight, and the page stays where it is ----

for (const chosen of document.querySelectorAll(".filter-row [aria-current]")) {
  const strip = chosen.closest("ul");
  const [inner, outer] = [chosen.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}

// ---- J and K walk through the queue; who needs the letters for something else switches them off ----

const queueLinks = [...document.querySelectorAll("[data-queue-link]")];

const isTyping = ({ target }) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

const walk = (step) => {
  const focused = queueLinks.indexOf(document.activeElement);
  const open = queueLinks.findIndex((link) => link.hasAttribute("aria-current"));
  const from = focused >= 0 ? focused : open;
  const link = queueLinks[from < 0 ? 0 : from + step];
  if (!link) return;
  if (open >= 0) link.click(); else link.focus();
};

document.querySelectorAll("[data-keys]").forEach((hint) => {
  const box = hint.querySelector("input");
  hint.hidden = false;
  box.checked = localStorage.getItem("desk-keys") !== "off";
  box.addEventListener("change", () => localStorage.setItem("desk-keys", box.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (event.key === "j") walk(1);
    if (event.key === "k") walk(-1);
  });
});

// ---- the bar of what can be done with the chosen rows appears when there are any ----

document.querySelectorAll("[data-pick-form]").forEach((form) => {
  const boxes = [...form.querySelectorAll("[name=picked]")];
  const bar = form.querySelector("[data-pick-bar]");
  if (!bar) return;
  const every = form.querySelector("[data-pick-all]");
  const everyBox = every.querySelector("input");
  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    bar.hidden = count === 0;
    bar.querySelectorAll("[data-pick-count]").forEach((place) => { place.textContent = count ? ` (${count})` : ""; });
    everyBox.checked = count === boxes.length;
    everyBox.indeterminate = count > 0 && count < boxes.length;
  };
  every.hidden = false;
  everyBox.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = everyBox.checked; });
    show();
  });
  form.addEventListener("change", show);
  // Coming back to the page, the browser may have kept the ticks.
  window.addEventListener("pageshow", show);
});

// ---- on a phone the rail is a strip: begin where one is ----

document.querySelector(".rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
