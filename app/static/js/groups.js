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
