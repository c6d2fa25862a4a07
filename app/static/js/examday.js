// Checks people in without leaving the place in the list; without it the same form opens the page anew.
"use strict";

const rowOf = (page, id) => page.getElementById(id);

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-check-in]");
  if (!form) return;
  const row = form.closest(".seat-row");
  const body = new FormData(form, event.submitter);
  event.preventDefault();
  if (row.classList.contains("seat-sending")) return;
  row.classList.add("seat-sending");
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = rowOf(page, row.id);
    if (!fresh) throw new Error("no row");
    row.replaceWith(fresh);
    document.getElementById("room-answer").replaceWith(rowOf(page, "room-answer"));
    const sentence = page.querySelector("#main .notice");
    if (sentence) fresh.querySelector(".seat-state").prepend(sentence);
  } catch {
    // The page itself says what is wrong: signed out, no connection, somebody closed the room.
    row.classList.remove("seat-sending");
    const plain = document.createElement("input");
    plain.type = "hidden";
    plain.name = "document";
    plain.value = body.get("document");
    form.append(plain);
    form.submit();
  }
});
