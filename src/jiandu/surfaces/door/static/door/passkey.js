// Passkeys on the door's pages: `form[data-passkey]` says create or get, and carries the options or where to ask for them.
// What the browser's key answers goes into the hidden field `credential`. Conversion by hand: older office browsers
// know WebAuthn, but not its JSON helpers.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withIds = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

function forCreation(options, passwordless) {
  const key = { ...options.publicKey };
  key.challenge = bytes(key.challenge);
  key.user = { ...key.user, id: bytes(key.user.id) };
  key.excludeCredentials = withIds(key.excludeCredentials);
  key.authenticatorSelection = {
    ...key.authenticatorSelection,
    residentKey: passwordless ? "required" : "discouraged",
    requireResidentKey: passwordless,
    ...(passwordless ? { userVerification: "required" } : {}),
  };
  return { publicKey: key };
}

function forSignIn(options) {
  const key = { ...options.publicKey };
  key.challenge = bytes(key.challenge);
  key.allowCredentials = withIds(key.allowCredentials);
  return { publicKey: key };
}

function plain(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: text(answer.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) response[name] = text(answer[name]);
  }
  if (answer.getTransports) response.transports = answer.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).request_options;
}

async function ask(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey === "get") return navigator.credentials.get(forSignIn(options));
  return navigator.credentials.create(forCreation(options, Boolean(form.elements.passwordless?.checked)));
}

function reason(form, error) {
  const words = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", SecurityError: "unsuitable" };
  return form.dataset[words[error.name] || "failed"];
}

async function start(form, button) {
  const said = form.querySelector("[data-passkey-error]");
  said.textContent = "";
  button.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify(plain(await ask(form)));
    form.submit();
  } catch (error) {
    said.textContent = reason(form, error);
    button.disabled = false;
  }
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-passkey-start]");
    form.hidden = false;
    button.addEventListener("click", () => start(form, button));
    form.addEventListener("submit", (event) => { event.preventDefault(); start(form, button); });
  }
}
