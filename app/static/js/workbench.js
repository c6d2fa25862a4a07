// Mends cells of the sheet in place; the same can be done without it by the form of each row.
"use strict";

// ---- a big file is being read: the bar moves, and the page opens when all is checked ----

const progress = document.querySelector("[data-progress]");

const follow = async () => {
  const answer = await fetch(progress.dataset.progress, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { reading, done, total } = await answer.json();
  if (!reading) {
    location.reload();
    return;
  }
  if (total) {
    const bar = progress.querySelector("progress");
    [bar.max, bar.value] = [total, done];
    progress.querySelector("[role=status]").textContent =
      progress.dataset.words.replace("{done}", done).replace("{total}", total);
  }
};

if (progress) setInterval(() => follow().catch(() => {}), 1000);

// ---- the sheet ----

const sheet = document.querySelector("[data-sheet]");
const status = document.querySelector("[data-sheet-status]");

const isWide = matchMedia("(min-width: 768px)");
const rowOf = (cell) => cell.closest("[data-row]");
const cellsOf = (row) => [...row.querySelectorAll("td[data-key]")];
const rows = () => [...sheet.querySelectorAll("[data-row]")];
const say = (text) => { status.textContent = text; };

const cellAt = (number, key) => document.querySelector(`#row-${number} td[data-key="${key}"]`);

/** Move the one place where the tabulator enters the sheet. */
const focusCell = (cell) => {
  if (!cell) return;
  sheet.querySelectorAll("td[data-key][tabindex='0']").forEach((one) => { one.tabIndex = -1; });
  cell.tabIndex = 0;
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
};

const prepare = (row) => {
  cellsOf(row).forEach((cell) => { cell.tabIndex = -1; });
};

/** Return the cell so many rows and columns on, or null at the edge; along a row it goes on in the next. */
const neighbour = (cell, down, right) => {
  const all = rows();
  const cells = cellsOf(rowOf(cell));
  let [y, x] = [all.indexOf(rowOf(cell)) + down, cells.indexOf(cell) + right];
  if (right && (x < 0 || x >= cells.length)) {
    y += Math.sign(right);
    x = x < 0 ? cells.length - 1 : 0;
  }
  return all[y] ? cellsOf(all[y])[x] : null;
};

// ---- sending ----

/** Put what the server answered in place of what it concerns; the other rows are left alone. */
const show = ({ rows: changed, head }) => {
  Object.entries(changed).forEach(([number, html]) => {
    const before = document.getElementById(`row-${number}`);
    if (!before) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = `<table>${html}</table>`;
    const row = fresh.content.querySelector("tbody");
    before.replaceWith(row);
    prepare(row);
  });
  const fresh = document.createElement("template");
  fresh.innerHTML = head;
  document.getElementById("sheet-head").replaceWith(fresh.content);
};

const send = async (address, fields) => {
  const answer = await fetch(address, { method: "POST", body: fields, headers: { Accept: "application/json" } });
  if (!(answer.headers.get("Content-Type") || "").includes("json")) {
    location.reload(); // signed out, or the group was closed meanwhile: the page says so
    return null;
  }
  const told = await answer.json();
  show(told);
  return told;
};

const fieldsOf = (row) => {
  const fields = new FormData();
  fields.set("csrf_token", document.querySelector("input[name=csrf_token]").value);
  fields.set("version", row.dataset.version);
  fields.set("show", new URLSearchParams(location.search).get("show") || "");
  return fields;
};

const remarkOf = (cell) => document.getElementById(cell.getAttribute("aria-describedby"))?.querySelector("p")?.textContent.trim();

const save = async (cell, text) => {
  const row = rowOf(cell);
  const [number, key] = [row.dataset.row, cell.dataset.key];
  const fields = fieldsOf(row);
  fields.set(`cell-${key}`, text);
  cell.setAttribute("aria-busy", "true");
  say(sheet.dataset.saving);
  try {
    const told = await send(row.dataset.url, fields);
    if (told) say(told.message || remarkOf(cellAt(number, key)) || sheet.dataset.fine);
    return Boolean(told);
  } catch {
    cell.removeAttribute("aria-busy");
    say(sheet.dataset.offline);
    return false;
  }
};

// ---- editing in place ----

let editing = null;

const close = () => {
  if (!editing) return;
  const { cell, box } = editing;
  editing = null;
  box.remove();
  cell.removeAttribute("data-editing");
};

/** Write the editor's text into its cell and have it checked; `go` says where the focus stands next. */
const finish = async (go) => {
  const { cell, control, before } = editing;
  const [text, number, key] = [control.value, rowOf(cell).dataset.row, cell.dataset.key];
  const target = (go && go(cell)) || cell;
  const place = [rowOf(target).dataset.row, target.dataset.key];
  close();
  if (go) focusCell(target);
  if (text === before) return;
  cell.querySelector("span").textContent = text;
  const saved = await save(cell, text);
  if (!saved) {
    edit(cellAt(number, key), text);
    return;
  }
  // The row was exchanged: keep the focus, unless it has moved on to something else meanwhile.
  if (document.activeElement === document.body) focusCell(cellAt(...place));
};

const edit = (cell, text) => {
  const template = document.querySelector(`template[data-editor="${cell.dataset.key}"]`);
  if (!template || rowOf(cell).classList.contains("is-in")) return;
  close();
  const before = cell.querySelector("span").textContent;
  const box = document.createElement("div");
  box.className = "editor";
  box.append(template.content.cloneNode(true));
  const control = box.firstElementChild;
  const value = text ?? before;
  if (control instanceof HTMLSelectElement) {
    if (![...control.options].some((option) => option.value === before)) control.add(new Option(before, before), 0);
    control.value = before;
  } else {
    control.value = value;
  }
  if (cell.hasAttribute("aria-describedby")) control.setAttribute("aria-describedby", cell.getAttribute("aria-describedby"));
  if (cell.hasAttribute("aria-invalid")) control.setAttribute("aria-invalid", "true");
  cell.append(box);
  editing = { cell, box, control, before };
  control.focus();
  if (text === undefined && control.select) control.select();
};

const down = (cell) => neighbour(cell, 1, 0);
const onwards = (step) => (cell) => neighbour(cell, 0, step);

const keyWhileEditing = (event) => {
  if (event.isComposing) return; // Enter chooses a character there
  if (event.key === "Enter") {
    event.preventDefault();
    finish(down);
  } else if (event.key === "Tab") {
    event.preventDefault();
    finish(onwards(event.shiftKey ? -1 : 1));
  } else if (event.key === "Escape") {
    event.preventDefault();
    const { cell } = editing;
    close();
    focusCell(cell);
  }
};

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const keyOnCell = (event, cell) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in MOVES) {
    event.preventDefault();
    focusCell(neighbour(cell, ...MOVES[event.key]));
  } else if (event.key === "Home" || event.key === "End") {
    event.preventDefault();
    focusCell(cellsOf(rowOf(cell)).at(event.key === "Home" ? 0 : -1));
  } else if (event.key === "Tab") {
    const next = neighbour(cell, 0, event.shiftKey ? -1 : 1);
    if (!next) return;
    event.preventDefault();
    focusCell(next);
  } else if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    edit(cell);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    edit(cell, "");
  } else if (event.key === "Escape") {
    document.querySelector("#sheet-head .sheet-acts button, #sheet-head .sheet-acts a")?.focus();
  } else if (event.key.length === 1 || event.key === "Process") {
    // The letter, or the first key of an input method, goes into the field that opens.
    edit(cell, "");
  }
};

// ---- answers under a row ----

const answer = async (form, button) => {
  const row = rowOf(form);
  const fields = new FormData(form, button);
  try {
    const told = await send(form.action, fields);
    if (told) {
      say(told.message || "");
      focusCell(document.querySelector(`#row-${row.dataset.row} td[data-key].cell-wrong, #row-${row.dataset.row} td[data-key]`));
    }
  } catch {
    say(sheet.dataset.offline);
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((one) => { one.disabled = false; });
  }
};

if (sheet && isWide.matches) {
  sheet.setAttribute("role", "grid");
  document.querySelector("[data-sheet-help]").hidden = false;
  rows().forEach(prepare);
  const first = sheet.querySelector("td.cell-wrong, td.cell-doubtful") || sheet.querySelector("td[data-key]");
  if (first) first.tabIndex = 0;

  sheet.addEventListener("keydown", (event) => {
    if (editing) keyWhileEditing(event);
    else if (event.target.matches("td[data-key]")) keyOnCell(event, event.target);
  });

  sheet.addEventListener("click", (event) => {
    const cell = event.target.closest("td[data-key]");
    if (!cell || editing?.cell === cell) return;
    focusCell(cell);
    edit(cell);
  });

  sheet.addEventListener("focusout", (event) => {
    if (editing && event.target === editing.control && !editing.box.contains(event.relatedTarget)) finish(null);
  });

  // A choice made by hand is made; one looked for with the arrow keys waits for Enter.
  let byHand = false;
  sheet.addEventListener("pointerdown", () => { byHand = true; });
  sheet.addEventListener("keydown", () => { byHand = false; }, { capture: true });
  sheet.addEventListener("change", (event) => {
    const chosen = editing && event.target === editing.control && event.target instanceof HTMLSelectElement;
    if (chosen && byHand) finish((cell) => cell);
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.target.closest("input, select, textarea")) {
      event.preventDefault();
      document.querySelector("[data-undo]")?.requestSubmit();
    }
  });
}

if (sheet) {
  sheet.addEventListener("submit", (event) => {
    if (!event.submitter || event.submitter.hasAttribute("formaction")) return;
    event.preventDefault();
    answer(event.target, event.submitter);
  });
}
