// The ledger as a grid: the keys of a spreadsheet, each act saved at once, what others changed meanwhile shown in its cell.
// One field always stands in the active cell and has the focus: so an input method begins with the first key.

const table = document.getElementById("cells");
const [bar, note, undoing, again, said] = ["cells-bar", "cells-note", "cells-undo", "cells-again", "cells-said"].map((id) => document.getElementById(id));
const words = table.dataset;
const heads = [...table.tHead.rows[0].cells];
const rows = [...table.tBodies[0].rows];
const FIRST = 3; // the columns before it name the row
const LAST = heads.length - 1;
const PAGE = 15;
const line = Object.assign(document.createElement("input"), { autocomplete: "off" });
const area = Object.assign(document.createElement("textarea"), { rows: 1 });
const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text, ...more });
const within = (number, low, high) => Math.min(Math.max(number, low), high);

let here = [0, FIRST]; // row, column
let from = here; // where the selection began
let field = line;
let mode = ""; // "" moves; "typed" replaces what was there, arrows leave it; "opened" edits it
let leaving = false;
let queue = Promise.resolve();
let waiting = 0;
const done = []; // acts that can be undone: lists of [cell, what it says now, what it said]
const unsaved = new Map(); // cell → what was typed and is not saved

const cell = (row, column) => rows[row].cells[column];
const active = () => cell(...here);
const key = (at) => heads[at.cellIndex].dataset.key;
const text = (at) => (at.querySelector(".said") || at).textContent;
const open = (at) => at.cellIndex >= FIRST && at.ariaReadOnly !== "true";
const tell = (word, number) => (number ? word.replace("#", number) : "");
const say = (...parts) => { said.value = parts.filter(Boolean).join("；"); };

// --- where one is ---------------------------------------------------------------------------------------------------

function block() {
  const [low, high] = [0, 1].map((side) => [Math.min(here[side], from[side]), Math.max(here[side], from[side])]);
  return { top: low[0], bottom: low[1], left: high[0], right: high[1] };
}

function each(act) {
  const { top, bottom, left, right } = block();
  for (let row = top; row <= bottom; row++) for (let column = left; column <= right; column++) act(cell(row, column), row - top, column - left);
}

function go(row, column, extend = false) {
  here = [within(row, 0, rows.length - 1), within(column, FIRST, LAST)];
  if (!extend) from = here;
  for (const old of table.querySelectorAll("[aria-selected]")) old.removeAttribute("aria-selected");
  each((at) => { at.ariaSelected = "true"; });
  stand();
}

// The field moves into the active cell, empty and unseen until something is typed.
function stand() {
  const at = active(), kind = heads[at.cellIndex].dataset.kind;
  mode = "";
  field.remove();
  field = kind === "text" ? area : line;
  field.className = "field-in-cell";
  field.value = "";
  field.readOnly = !open(at);
  field.removeAttribute("list");
  if (kind === "choice") field.setAttribute("list", key(at) === "aspect" ? `cells-aspect-${at.parentElement.dataset.year}` : "cells-rectification");
  field.setAttribute("aria-label", `${heads[at.cellIndex].textContent} ${text(rows[here[0]].cells[0])} ${text(at) || words.empty}`);
  at.append(field);
  field.focus({ preventScroll: true });
  at.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function edit(value, how) {
  if (!open(active())) return;
  mode = how;
  field.classList.add("is-open");
  if (value !== null) field.value = value;
}

function commit() {
  if (!mode) return;
  const at = active(), value = field.value;
  mode = "";
  if (value !== text(at)) write([[at, value]]);
}

// --- saving ---------------------------------------------------------------------------------------------------------

function show(at, result) {
  at.dataset.v = result.value;
  at.querySelector(".said").textContent = result.text;
  if (result.open) at.removeAttribute("aria-readonly");
  else at.ariaReadOnly = "true";
}

function clear(at) {
  at.classList.remove("pending", "failed", "clash", "refused");
  for (const old of at.querySelectorAll(".clash-box, .why")) old.remove();
  unsaved.delete(at);
}

// One act: every change with what its cell said. Acts follow each other, so that each sees what the one before it wrote.
function write(changes, { undo = false } = {}) {
  const wanted = undo ? changes : changes.filter(([at]) => open(at));
  if (!wanted.length) return say(tell(words.left, changes.length));
  for (const [at, value] of wanted) {
    clear(at);
    at.classList.add("pending");
    at.querySelector(".said").textContent = value;
    unsaved.set(at, value);
  }
  say(words.saving);
  waiting += 1;
  queue = queue.then(() => send(wanted, undo, changes.length - wanted.length)).finally(() => { waiting -= 1; });
}

async function send(changes, undo, left) {
  const sent = changes.map(([at, value, seen]) => [at.parentElement.dataset.uid, key(at), seen ?? at.dataset.v, value]);
  const body = new URLSearchParams({ cells: JSON.stringify(sent), note: note.value, ...(undo ? { undo: "1" } : {}) });
  let answer;
  try {
    const response = await fetch(words.post, { method: "POST", headers: { "X-CSRFToken": document.body.dataset.csrf }, body });
    answer = await response.json();
    if (!answer.cells) throw new Error(answer.why);
  } catch {
    for (const [at, value] of changes) {
      at.classList.replace("pending", "failed");
      unsaved.set(at, value);
    }
    again.hidden = false;
    return say(tell(words.failed, unsaved.size));
  }
  told(changes, answer.cells, undo, left);
}

function told(changes, results, undo, left) {
  const counts = { written: 0, unchanged: 0, conflict: 0, refused: 0 }, back = [];
  results.forEach((result, number) => {
    const [at, value] = changes[number], was = at.dataset.v;
    counts[result.outcome] += 1;
    clear(at);
    show(at, "text" in result ? result : { value: was, text: was, open: false });
    if (result.outcome === "written") back.push([at, was, result.value]);
    if (result.outcome === "conflict") clash(at, value, result);
    if (result.outcome === "refused") refuse(at, value, result.why);
  });
  if (!undo && back.length) done.push(back);
  undoing.disabled = !done.length;
  say(tell(undo ? words.undone : words.saved, counts.written + (undo ? 0 : counts.unchanged)), tell(words.clashes, counts.conflict), tell(words.refused, counts.refused), tell(words.left, left));
  if (active().contains(document.activeElement) && !mode) stand();
}

function refuse(at, value, why) {
  at.classList.add("refused");
  at.append(make("small", `✗ ${value ? `“${value}” ` : ""}${why}`, { className: "why" }));
}

// Mine and what stands now, in the cell; neither is lost until one is chosen.
function clash(at, mine, result) {
  const box = make("div", "", { className: "clash-box" });
  const take = (label, act) => {
    const button = make("button", label, { type: "button", className: "btn btn-sm" });
    button.addEventListener("click", () => { clear(at); act(); go(at.parentElement.sectionRowIndex, at.cellIndex); });
    return button;
  };
  const who = [result.by, result.at].filter(Boolean).join(" ");
  box.append(
    make("span", `${words.mine}：${mine || words.empty}`), take(words.takeMine, () => write([[at, mine]])),
    make("span", `${words.theirs}${who ? `（${who}）` : ""}：${result.text || words.empty}`), take(words.takeTheirs, () => say()),
  );
  at.classList.add("clash");
  at.append(box);
  unsaved.set(at, mine);
}

function undo() {
  const last = done.pop();
  undoing.disabled = !done.length;
  if (last) write(last.map(([at, before, now]) => [at, before, now]), { undo: true });
}

function retry() {
  again.hidden = true;
  write([...unsaved].filter(([at]) => at.classList.contains("failed")));
}

// --- blocks: fill, copy, paste, clear ---------------------------------------------------------------------------------

function fill() {
  const { top, left } = block(), one = here[0] === from[0], changes = [];
  each((at, row, column) => {
    const source = one ? rows[top - 1]?.cells[left + column] : cell(top, left + column);
    if (source && source !== at) changes.push([at, text(source)]);
  });
  if (changes.length) write(changes);
}

const quoted = (value) => (/[\t\n"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

function copied() {
  const lines = [];
  each((at, row) => { (lines[row] ||= []).push(quoted(text(at))); });
  say(tell(words.copied, lines.flat().length));
  return lines.map((values) => values.join("\t")).join("\r\n");
}

// The cells of what Excel or Word put on the clipboard: values between tabs, a value with line ends in quotes.
function parsed(source) {
  const lines = [[""]];
  let quote = false;
  for (let at = 0; at < source.length; at++) {
    const sign = source[at], values = lines.at(-1);
    if (quote) {
      if (sign !== '"') values[values.length - 1] += sign;
      else if (source[at + 1] === '"') { values[values.length - 1] += '"'; at += 1; } else quote = false;
    } else if (sign === '"' && values.at(-1) === "") quote = true;
    else if (sign === "\t") values.push("");
    else if (sign === "\n") lines.push([""]);
    else if (sign !== "\r") values[values.length - 1] += sign;
  }
  if (lines.length > 1 && lines.at(-1).join("") === "") lines.pop();
  return lines;
}

function paste(source) {
  const lines = parsed(source), { top, left } = block(), changes = [];
  if (lines.length === 1 && lines[0].length === 1) each((at) => changes.push([at, lines[0][0]]));
  else {
    lines.slice(0, rows.length - top).forEach((values, row) => values.forEach((value, column) => {
      if (left + column <= LAST) changes.push([cell(top + row, left + column), value]);
    }));
    from = [top, left];
    go(Math.min(top + lines.length, rows.length) - 1, left + Math.max(...lines.map((values) => values.length)) - 1, true);
  }
  write(changes);
  const beyond = lines.length - (rows.length - top);
  if (beyond > 0) say(said.value, tell(words.beyond, beyond));
}

// --- keys -----------------------------------------------------------------------------------------------------------

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-PAGE, 0], PageDown: [PAGE, 0] };

function step(event) {
  const [down, right] = ARROWS[event.key];
  const far = event.ctrlKey || event.metaKey ? 10_000 : 1;
  go(here[0] + down * far, here[1] + right * far, event.shiftKey);
}

function tab(event) {
  const next = here[1] + (event.shiftKey ? -1 : 1), row = here[0] + (next > LAST ? 1 : next < FIRST ? -1 : 0);
  if (leaving || row < 0 || row >= rows.length) return;
  event.preventDefault();
  commit();
  go(row, next > LAST ? FIRST : next < FIRST ? LAST : next);
}

const MOVING = {
  Enter: () => (active().classList.contains("clash") ? active().querySelector("button").focus() : edit(text(active()), "opened")),
  F2: () => edit(text(active()), "opened"),
  Escape: () => { leaving = true; go(...here); },
  Home: (event) => go(event.ctrlKey ? 0 : here[0], FIRST, event.shiftKey),
  End: (event) => go(event.ctrlKey ? rows.length - 1 : here[0], LAST, event.shiftKey),
  Delete: () => { const changes = []; each((at) => text(at) && changes.push([at, ""])); if (changes.length) write(changes); },
};
MOVING.Backspace = MOVING.Delete;
const WITH_CTRL = { d: fill, z: undo };

function moving(event) {
  const act = event.ctrlKey || event.metaKey ? WITH_CTRL[event.key.toLowerCase()] : null;
  if (act) act();
  else if (ARROWS[event.key]) step(event);
  else if (MOVING[event.key]) MOVING[event.key](event);
  else return;
  event.preventDefault();
}

function editing(event) {
  const isChoice = field.hasAttribute("list");
  if (event.key === "Escape") stand();
  else if (event.key === "Enter" && event.altKey && field === area) area.setRangeText("\n", area.selectionStart, area.selectionEnd, "end");
  else if (event.key === "Enter") { commit(); go(here[0] + (event.shiftKey ? -1 : 1), here[1]); }
  else if (mode === "typed" && ARROWS[event.key] && !(isChoice && /Up|Down/.test(event.key))) { commit(); step(event); }
  else return;
  event.preventDefault();
}

table.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  if (event.target !== field) return event.key === "Escape" && event.target.closest(".clash-box") ? stand() : undefined;
  if (event.key === "Tab") return tab(event);
  leaving = false;
  event.stopPropagation(); // the page's own keys are for elsewhere
  if (mode) editing(event);
  else moving(event);
});
table.addEventListener("input", () => mode || edit(null, "typed"));
table.addEventListener("compositionstart", () => mode || edit(null, "typed"));
table.addEventListener("focusout", (event) => { if (event.target === field && !active().contains(event.relatedTarget) && document.hasFocus()) commit(); });
for (const name of ["copy", "cut"]) table.addEventListener(name, (event) => {
  if (mode || event.target !== field) return;
  event.clipboardData.setData("text/plain", copied());
  event.preventDefault();
});
table.addEventListener("paste", (event) => {
  if (mode || event.target !== field) return;
  event.preventDefault();
  paste(event.clipboardData.getData("text/plain"));
});

// --- the mouse ------------------------------------------------------------------------------------------------------

const place = (event) => event.target.closest("tbody td, tbody th");
table.addEventListener("pointerdown", (event) => {
  const at = place(event);
  if (!at || at.cellIndex < FIRST || event.target.closest("a, button") || (mode && event.target === field)) return;
  event.preventDefault();
  commit();
  go(at.parentElement.sectionRowIndex, at.cellIndex, event.shiftKey);
});
table.addEventListener("pointerover", (event) => {
  const at = place(event);
  if (at && event.buttons === 1 && !mode && table.contains(document.activeElement) && at.cellIndex >= FIRST) go(at.parentElement.sectionRowIndex, at.cellIndex, true);
});
table.addEventListener("dblclick", (event) => { if (event.target === field && !mode) edit(text(active()), "opened"); });

undoing.addEventListener("click", undo);
again.addEventListener("click", retry);
window.addEventListener("beforeunload", (event) => { if (waiting || unsaved.size || mode) event.preventDefault(); });

if (rows.length && matchMedia("(min-width: 640px)").matches) {
  table.setAttribute("role", "grid");
  table.setAttribute("aria-multiselectable", "true");
  for (const link of table.querySelectorAll("a")) link.tabIndex = -1;
  for (const at of table.querySelectorAll("[data-shut]")) at.ariaReadOnly = "true";
  bar.hidden = false;
  table.closest(".scroll").removeAttribute("tabindex");
  go(0, FIRST);
}
