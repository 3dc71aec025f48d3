/**
 * A role link carries its key after `#key=`, which no server log sees. This exchanges it for a cookie, takes it out of
 * the address and its history entry, and loads the page anew as that role.
 */

async function enter() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  const session = /^\/s\/([^/]+)/.exec(location.pathname)?.[1];
  if (!key || !session) return;
  history.replaceState(null, "", location.pathname + location.search);
  const answer = await fetch(`/api/sessions/${session}/enter`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token: key }),
  });
  if (answer.ok) location.reload();
  else document.getElementById("key-refused")?.removeAttribute("hidden");
}

// A link opened where its page already stands only changes what follows the `#`.
window.addEventListener("hashchange", () => void enter());
await enter();
