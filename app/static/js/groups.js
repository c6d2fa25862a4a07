// Makes a leader's pages quicker; every page works without it.
"use strict";

// ---- what is taken over from the leader need not be looked at ----

document.querySelectorAll("[data-takes-over]").forEach((tick) => {
  const fields = tick.dataset.takesOver.split(" ").map((id) => document.getElementById(id).closest(".field"));
  const show = () => fields.forEach((field) => { field.hidden = tick.checked; });
  tick.addEventListener("change", show);
  show();
});

// ---- an import takes a moment: say so, because nothing else on the page moves ----

document.querySelectorAll("form[data-working]").forEach((form) => {
  form.addEventListener("submit", () => {
    const note = document.createElement("p");
    note.className = "upload-working";
    note.setAttribute("role", "status");
    note.textContent = form.dataset.working;
    form.append(note);
  }, { once: true });
});

// ---- a count that leads to a folded list unfolds it ----

const unfold = () => {
  const target = location.hash && document.querySelector(location.hash);
  if (target instanceof HTMLDetailsElement) target.open = true;
};
window.addEventListener("hashchange", unfold);
unfold();

// ---- while a search is typed, the rows that do not match step back; Enter asks the server, which sees all pages ----

const searchKey = (text) => text.normalize("NFKC").toLowerCase().replaceAll("\u53f0", "\u81fa").replace(/[\s‧·•・･.,\-'’\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/gu, "");

document.querySelectorAll("[data-member-search]").forEach((form) => {
  const input = form.querySelector("input[type=search]");
  const section = form.closest("section");
  const rows = [...section.querySelectorAll("tbody tr")];
  const texts = rows.map((row) => [...row.querySelectorAll("th, .mono")].map((cell) => searchKey(cell.textContent)));
  const count = section.querySelector(".member-count");
  input.addEventListener("input", () => {
    const sought = searchKey(input.value);
    let found = 0;
    rows.forEach((row, index) => {
      row.hidden = !texts[index].some((text) => text.includes(sought));
      found += row.hidden ? 0 : 1;
    });
    count.textContent = sought ? form.dataset.memberSearch.replace("{count}", found) : "";
  });
});

// ---- tick everybody, or nobody ----

document.querySelectorAll("[data-tick-all]").forEach((buttons) => {
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const wanted = event.target.dataset.tick;
    if (!wanted) return;
    buttons.closest("form").querySelectorAll("input[type=checkbox]").forEach((box) => { box.checked = wanted === "true"; });
  });
});
