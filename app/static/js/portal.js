// Makes pages quicker; every page works without it. No state is kept here.
"use strict";

const each = (selector, action) => document.querySelectorAll(selector).forEach(action);

const noteUnder = (control) => {
  const note = document.createElement("p");
  note.className = "live-note";
  note.setAttribute("aria-live", "polite");
  control.after(note);
  return note;
};

// ---- text size: switched in place, so that nothing typed is lost; the server remembers it ----

each("[data-text-switch]", (link) => {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    fetch(link.href, { method: "HEAD" });
    const large = document.documentElement.classList.toggle("text-large");
    const word = link.querySelector(".word");
    [word.textContent, link.dataset.other] = [link.dataset.other, word.textContent];
    link.setAttribute("href", large ? "?text=normal" : "?text=large");
  });
});

// ---- the other language: at the same place of the page ----

each("[data-keeps-fragment]", (link) => {
  link.addEventListener("click", () => { link.hash = location.hash; });
});

// ---- the account menu closes like a menu ----

each("details.menu", (menu) => {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

// ---- copy a number ----

each("[data-copy]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const word = button.querySelector("span");
    const before = word.textContent;
    word.textContent = button.dataset.copied;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => { word.textContent = before; }, 2500);
  });
});

// ---- a birth date read back in both calendars; the server's reading is the one that counts ----

const isDay = (year, month, day) => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

const readDate = (text) => {
  const plain = text.normalize("NFKC").replace(/[\s\u6c11\u570b\u897f\u5143\u65e5]/g, "");
  const parts = plain.match(/^(\d{2,4})[\u5e74/.-](\d{1,2})[\u6708/.-](\d{1,2})$/) || plain.match(/^(\d{2,4})(\d{2})(\d{2})$/);
  if (!parts) return null;
  const [written, month, day] = parts.slice(1).map(Number);
  const year = parts[1].length === 4 ? written : written + 1911;
  return isDay(year, month, day) ? { year, month, day } : null;
};

const bothCalendars = ({ year, month, day }, words) => {
  const two = (number) => String(number).padStart(2, "0");
  const minguo = year >= 1912 ? words.minguo.replace("{year}", year - 1911) : words.before.replace("{year}", 1912 - year);
  return `${year}-${two(month)}-${two(day)} = ${minguo.replace("{month}", month).replace("{day}", day)}`;
};

each("[data-both-calendars]", (input) => {
  const note = noteUnder(input);
  const show = () => {
    const date = readDate(input.value);
    note.textContent = date ? bothCalendars(date, { minguo: input.dataset.minguo, before: input.dataset.beforeMinguo }) : "";
  };
  input.addEventListener("input", show);
  show();
});

// ---- characters left, counted as people count them ----

each("[data-counter]", (input) => {
  const limit = input.maxLength;
  if (limit < 0) return;
  const note = noteUnder(input);
  const show = () => { note.textContent = `${[...input.value].length} / ${limit}`; };
  input.addEventListener("input", show);
  show();
});

// ---- another captcha, without losing what was typed elsewhere ----

each("[data-captcha]", (parts) => {
  const button = parts.querySelector("button");
  const [image, sound, hidden] = ["img", "audio", "input"].map((name) => parts.querySelector(name));
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { challenge } = await (await fetch(parts.dataset.captcha)).json();
    const renewed = (address) => address.replace(hidden.value, challenge);
    [image.src, sound.src] = [renewed(image.src), renewed(sound.src)];
    hidden.value = challenge;
  });
});

// ---- a form is sent once; coming back with the browser's back button frees it again ----

each("form[method=post]", (form) => {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    // Later than the submission, which must still carry the name and value of the pressed button.
    setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; }));
  });
});

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  each("form[data-sent]", (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = false; });
  });
});

// ---- find a row in a long table ----

each("[data-filter-table]", (frame) => {
  const rows = [...frame.querySelectorAll("tbody tr")];
  if (rows.length < 8) return;
  const label = document.createElement("label");
  label.className = "filter-box";
  const input = document.createElement("input");
  input.type = "search";
  input.className = "form-control width-md";
  label.append(frame.dataset.filterLabel, input);
  frame.prepend(label);
  input.addEventListener("input", () => {
    const sought = input.value.normalize("NFKC").trim().toLowerCase();
    rows.forEach((row) => { row.hidden = !row.textContent.normalize("NFKC").toLowerCase().includes(sought); });
  });
});

// ---- after a mistake, begin at the list of mistakes ----

each("[data-focus]", (summary) => summary.focus());

each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
