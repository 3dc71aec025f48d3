/**
 * A role link carries its key after `#key=`, which no server log sees. This exchanges it for a cookie, takes it out of
 * the address and its history entry, and loads the page anew as that role. Until the server has answered the key stays in
 * the address: a link that was opened without a network still works when the network is there.
 */

/** How long to wait before the server is asked again, ms. */
const AGAIN = 3_000;

async function enter() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  const session = /^\/s\/([^/]+)/.exec(location.pathname)?.[1];
  if (!key || !session) return;
  const answer = await ask(session, key);
  const unreached = !answer || answer.status === 429 || answer.status >= 500;
  document.getElementById("key-unreached")?.toggleAttribute("hidden", !unreached);
  if (unreached) {
    setTimeout(() => void enter(), AGAIN);
    return;
  }
  history.replaceState(null, "", location.pathname + location.search);
  if (answer.ok) location.reload();
  else document.getElementById("key-refused")?.removeAttribute("hidden");
}

/** @param {string} session @param {string} key @returns {Promise<Response | null>} null without a network */
async function ask(session, key) {
  try {
    return await fetch(`/api/sessions/${session}/enter`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token: key }),
    });
  } catch {
    return null;
  }
}

// A link opened where its page already stands only changes what follows the `#`.
window.addEventListener("hashchange", () => void enter());
await enter();
