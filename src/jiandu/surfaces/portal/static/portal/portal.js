// Where scripts run, nobody has to wait a minute: the browser works out the proof (ALTCHA: PBKDF2) while its reader writes.
// Without scripts, or without WebCrypto, the form goes off as it stands. Nothing is kept in the browser.

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function solve(challenge) {
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters;
  const start = bytes(nonce);
  const password = new Uint8Array(start.length + 4);
  password.set(start);
  const view = new DataView(password.buffer);
  for (let counter = 0; ; counter += 1) {
    view.setUint32(start.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derived = hex(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost }, key, 8 * keyLength));
    if (derived.startsWith(keyPrefix)) return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey: derived } }));
  }
}

for (const form of document.querySelectorAll("form[data-challenge]")) {
  if (!globalThis.crypto?.subtle) break;
  const proof = solve(JSON.parse(form.dataset.challenge));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.disabled) return;
    button.disabled = true;
    button.textContent = form.dataset.working;
    const address = new URL(form.action);
    address.searchParams.set("proof", await proof);
    form.action = address;
    form.submit();
  });
}
