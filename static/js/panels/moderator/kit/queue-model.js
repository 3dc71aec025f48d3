/**
 * The speaker queue of the desk: who waits, in order, and where a raised hand goes when a moderator moves it, the `before`
 * of `speaker.move`. Pure.
 *
 * @typedef {Record<string, import("../../../live/types.js").DeskHand>} Hands
 */

/** Documents are never changed in place, so each is sorted once, however often it is looked at. @type {WeakMap<Hands, string[]>} */
const orders = new WeakMap();

/**
 * All who wait, in order.
 * @param {Hands} hands
 * @returns {string[]}
 */
export function inOrder(hands) {
  const known = orders.get(hands);
  if (known) return known;
  const order = Object.entries(hands)
    .sort(([, one], [, other]) => one.rank - other.rank)
    .map(([person]) => person);
  orders.set(hands, order);
  return order;
}

/**
 * Who stands after `person`, null for the end of the queue: what puts the person back where they are now.
 * @param {string[]} waiting
 * @param {string} person
 * @returns {string | null}
 */
export function after(waiting, person) {
  return waiting[waiting.indexOf(person) + 1] ?? null;
}

/**
 * The `before` that moves `person` by one place; undefined where there is no such place.
 * @param {string[]} waiting
 * @param {string} person
 * @param {-1 | 1} step
 * @returns {string | null | undefined}
 */
export function stepped(waiting, person, step) {
  const index = waiting.indexOf(person);
  const target = index + step;
  if (index < 0 || target < 0 || target >= waiting.length) return undefined;
  return (step < 0 ? waiting[target] : waiting[target + 1]) ?? null;
}

/**
 * The `before` for a hand that was dropped on `over`: above it when it came from below, below it when it came from
 * above, as a card that is pushed aside. Undefined where nothing would change.
 * @param {string[]} waiting
 * @param {string} person
 * @param {string} over
 * @returns {string | null | undefined}
 */
export function dropped(waiting, person, over) {
  const from = waiting.indexOf(person);
  const to = waiting.indexOf(over);
  if (from < 0 || to < 0 || from === to) return undefined;
  return from > to ? over : after(waiting, over);
}
