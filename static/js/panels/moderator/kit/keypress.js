/**
 * Which shortcut a key press means, or none: while somebody types, a key belongs to the text.
 */

/** Inputs that take letters; a checkbox or a button does not. */
const TYPED = new Set([
  "text",
  "search",
  "number",
  "email",
  "url",
  "tel",
  "password",
  "date",
  "time",
  "datetime-local",
  "",
]);

/**
 * @typedef {object} Press what of a `KeyboardEvent` matters
 * @property {string} key
 * @property {string} code
 * @property {boolean} [ctrlKey]
 * @property {boolean} [metaKey]
 * @property {boolean} [altKey]
 * @property {boolean} [repeat]
 * @property {boolean} [isComposing]
 * @property {boolean} [defaultPrevented]
 */

/**
 * The shortcut as the help sheet names it (`n`, `?`, `1`), or null. On a keyboard of another script the place of the
 * key counts: the key that carries Latin `n` on most keyboards is `n`.
 * @param {Press} press
 * @param {{tagName: string, type?: string, isContentEditable?: boolean} | null} target where the focus is
 * @returns {string | null}
 */
export function shortcut(press, target) {
  if (press.ctrlKey || press.metaKey || press.altKey || press.repeat || press.isComposing || press.defaultPrevented) {
    return null;
  }
  if (target && takesText(target)) return null;
  const key = press.key.toLowerCase();
  if (/^[a-z0-9?]$/.test(key)) return key;
  if (press.key.length !== 1 || press.key.charCodeAt(0) < 128) return null;
  const place = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(press.code);
  return (place?.[1] ?? place?.[2])?.toLowerCase() ?? null;
}

/** @param {{tagName: string, type?: string, isContentEditable?: boolean}} target */
function takesText({ tagName, type, isContentEditable }) {
  const tag = tagName.toLowerCase();
  return (
    isContentEditable === true || tag === "textarea" || tag === "select" || (tag === "input" && TYPED.has(type ?? ""))
  );
}
