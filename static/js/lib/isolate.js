/** Names and other foreign words inside a line, kept apart from the line's own direction of writing. */

/**
 * A text that keeps its own direction and leaves that of what is around it alone (Unicode bidirectional algorithm, first
 * strong isolate).
 *
 * @param {string} words
 * @returns {string} empty for an empty text
 */
export function isolate(words) {
  return words && `\u2068${words}\u2069`;
}

/**
 * Parts of a line with a dot between them, each in its own direction; empty parts are left out.
 *
 * @param {readonly string[]} parts
 * @returns {string}
 */
export function dotted(parts) {
  return parts.filter(Boolean).map(isolate).join(" · ");
}
