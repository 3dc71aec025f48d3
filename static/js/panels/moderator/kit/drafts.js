/**
 * What was typed and not sent yet, kept over a reload of the page, for this tab and this session only.
 */

export class Drafts {
  #storage;
  #prefix;

  /**
   * @param {Storage | null} storage `sessionStorage`, null where the browser keeps nothing
   * @param {string} session
   */
  constructor(storage, session) {
    this.#storage = storage;
    this.#prefix = `baraza:${session}:draft:`;
  }

  /**
   * The draft with this name, null where there is none or where it cannot be read any more.
   * @param {string} name
   * @returns {unknown}
   */
  read(name) {
    try {
      return JSON.parse(this.#storage?.getItem(this.#prefix + name) ?? "null");
    } catch {
      return null;
    }
  }

  /**
   * Keep a draft. A browser that keeps nothing (private mode, full storage) costs the safety, not the form.
   * @param {string} name
   * @param {unknown} value
   */
  write(name, value) {
    try {
      this.#storage?.setItem(this.#prefix + name, JSON.stringify(value));
    } catch {
      // The words still stand in the form.
    }
  }

  /** @param {string} name */
  drop(name) {
    try {
      this.#storage?.removeItem(this.#prefix + name);
    } catch {
      // What could not be kept need not be removed.
    }
  }
}
