/**
 * What the moderator's page works out about people. Pure.
 *
 * @typedef {import("../../../live/types.js").Person} Person
 */

/**
 * Whether this is the holder of a role link, whose role is fixed. These people are made together with the session, the
 * moderator always among them, so all of them and nobody else have been in it from its first moment.
 * @param {Record<string, Person>} people everybody of the session, also those who were removed
 * @param {string} id
 */
export function cameByRoleLink(people, id) {
  const first = Math.min(...Object.values(people).map(({ joined }) => joined));
  return people[id]?.joined === first;
}
