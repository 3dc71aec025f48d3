/** Typed text that survives a reload: kept in the storage of the tab until it is no longer needed. */

/**
 * Keep what is typed into a field, and put back what was kept.
 *
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {string} key
 * @returns {{forget: () => void, put: (text: string) => void}} `forget` empties the field and the storage, `put` writes both
 */
export function keepDraft(field, key) {
  const kept = read(key);
  if (kept && !field.value) field.value = kept;
  field.addEventListener("input", () => write(key, field.value));
  const put = (/** @type {string} */ text) => {
    field.value = text;
    write(key, text);
  };
  return { forget: () => put(""), put };
}

/** @param {string} key @returns {string} */
function read(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} key @param {string} text */
function write(key, text) {
  try {
    if (text) sessionStorage.setItem(key, text);
    else sessionStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing still lets one type and send.
  }
}
