// Small behaviour on top of pages that work without it: keys, dialogs, rows, guards, polling. No framework, no inline code.
// Hooks are data- attributes; docs/ui.md lists them.

const YEAR = 31536000;
const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

// --- settings of this browser -------------------------------------------------------------------------------------

function setCookie(pair) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${pair}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}

// Large text changes at once, without a reload; the server renders the attribute from the cookie next time.
function switchText(form, event) {
  const large = form.dataset.cookie.endsWith("=large");
  event.preventDefault();
  setCookie(form.dataset.cookie);
  if (large) document.documentElement.dataset.text = "large";
  else delete document.documentElement.dataset.text;
  form.dataset.cookie = form.dataset.cookie.replace(/=.*/, large ? "=normal" : "=large");
  const button = find("button", form);
  const word = find("span", button);
  [word.textContent, button.dataset.other] = [button.dataset.other, word.textContent];
  button.value = large ? "normal" : "large";
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form.switch")) return;
  if (form.dataset.cookie.startsWith("text=")) switchText(form, event);
  else if ("local" in form.dataset) {
    event.preventDefault();
    setCookie(form.dataset.cookie);
    location.reload();
  }
});

// --- dialogs and menus --------------------------------------------------------------------------------------------

function openDialog(id) {
  const box = document.getElementById(id);
  if (!box || typeof box.showModal !== "function") return false;
  if (box.open) box.close();
  box.showModal();
  if (!find(".summary", box)) find(".box-body :is(input:not([type=hidden]), textarea, select)", box)?.focus(); // not the way out
  return true;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener && openDialog(opener.dataset.open)) event.preventDefault();
  const closer = event.target.closest("[data-close]");
  if (closer && closer.closest("dialog[open]")) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
  if (event.target.matches("dialog[open]")) event.target.close(); // the backdrop
  if (event.target.closest("[data-print]")) window.print();
  const toast = event.target.closest("[data-dismiss]");
  if (toast) toast.parentElement.remove();
  for (const menu of all("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});

// --- rows, selection ----------------------------------------------------------------------------------------------

function rows() {
  const bodies = all("[data-rows]");
  const body = bodies.find((one) => one.contains(document.activeElement)) || bodies[0];
  return body ? all("tr", body) : [];
}

function move(step) {
  const list = rows();
  if (!list.length) return;
  const here = list.indexOf(document.activeElement.closest("tr"));
  const next = list[here < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(here + step, 0), list.length - 1)];
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function refreshBulk(form) {
  const boxes = all("tbody .pick input", form);
  const chosen = boxes.filter((box) => box.checked).length;
  const every = find("[data-all]", form);
  every.checked = chosen > 0 && chosen === boxes.length;
  every.indeterminate = chosen > 0 && chosen < boxes.length;
  find("[data-bulk-count]", form).value = chosen;
  find("[data-bulk-bar]", form).hidden = chosen === 0;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-bulk]");
  if (!form) return;
  if (event.target.matches("[data-all]")) for (const box of all("tbody .pick input", form)) box.checked = event.target.checked;
  refreshBulk(form);
});

// --- keys ---------------------------------------------------------------------------------------------------------

let afterG = 0;

function goTo(key) {
  const link = all("#menu a[data-key]").find((one) => one.dataset.key === key);
  if (link) link.click();
}

const KEYS = {
  "/": () => find("[data-search]")?.focus(),
  "?": () => openDialog("keys"),
  j: () => move(1),
  k: () => move(-1),
  g: () => { afterG = Date.now(); },
  x: () => document.activeElement.closest("tr") && find(".pick input", document.activeElement.closest("tr"))?.click(),
  Enter: () => document.activeElement.matches("[data-rows] > tr") && find("a[href]", document.activeElement)?.click(),
};
const OWN = new Set(["/", "j", "k", "x"]); // keys whose usual effect in the browser is not wanted

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return; // an input method is at work
  if (event.key === "Escape") for (const menu of all("details[data-menu][open]")) {
    menu.open = false;
    find("summary", menu).focus();
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form");
    if (form) { event.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || typing(event.target) || find("dialog[open]")) return;
  if (Date.now() - afterG < 1500) {
    afterG = 0;
    goTo(event.key);
  } else if (Object.hasOwn(KEYS, event.key)) {
    if (OWN.has(event.key)) event.preventDefault();
    KEYS[event.key]();
  }
});

// A digit in a list of numbered choices takes that choice and goes on to the next list, after the last one to the button.
document.addEventListener("keydown", (event) => {
  const list = event.target.closest("select[data-digits]");
  if (!list || event.ctrlKey || event.metaKey || event.altKey || !/^\d$/.test(event.key)) return;
  const option = [...list.options].find((one) => one.text.startsWith(`${event.key} `));
  if (!option) return;
  event.preventDefault();
  list.value = option.value;
  list.dispatchEvent(new Event("input", { bubbles: true }));
  const lists = all("select[data-digits]", list.form);
  (lists[lists.indexOf(list) + 1] || find("button.btn-primary", list.form))?.focus();
});

// --- unsaved changes ----------------------------------------------------------------------------------------------

const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => changed.delete(event.target));
window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault(); // the browser asks in its own words
});

// --- htmx: token, polling, messages -------------------------------------------------------------------------------

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf || "";
});

function poll() {
  if (document.visibilityState === "visible") document.body.dispatchEvent(new CustomEvent("poll"));
}
document.addEventListener("visibilitychange", poll);
setInterval(poll, 60000);

function dress(line) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.dismiss = "";
  button.textContent = "×";
  button.setAttribute("aria-label", find("#toasts").dataset.closeLabel);
  line.append(button);
  if (line.matches(".success, .info")) setTimeout(() => line.remove(), 8000);
}

// A response header `HX-Trigger: {"toast": {"text": "…", "tone": "success"}}` shows a line.
document.addEventListener("toast", (event) => {
  const line = document.createElement("p");
  line.className = `toast-line ${event.detail.tone || "success"}`;
  line.textContent = event.detail.text;
  find("#toasts")?.append(line);
  dress(line);
});

// --- at the start, and in what htmx brings ------------------------------------------------------------------------

function prepare(root) {
  for (const form of all("form[data-bulk]", root)) refreshBulk(form);
  for (const box of all("dialog[data-open-now]", root)) openDialog(box.id);
  for (const hidden of all("[data-open][hidden], form[data-local][hidden], [data-print][hidden]", root)) hidden.hidden = false;
  for (const here of all(".tabs [aria-current]", root)) { // where there are more than fit, the one that is open is in sight
    const list = here.closest("ul");
    list.scrollLeft += here.getBoundingClientRect().left - list.getBoundingClientRect().left - 40;
  }
  if (matchMedia("(max-width: 639px)").matches) for (const fold of all("[data-fold]", root)) fold.open = false;
}

document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && prepare(event.detail.elt));
for (const line of all("#toasts .toast-line")) dress(line);
prepare(document);
const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
if (target && target.matches("dialog")) openDialog(target.id);
