/** A browser without a browser: a clock that is moved by hand, sockets that a test opens, fills and breaks. */

export class Clock {
  now = 0;
  #next = 1;
  /** @type {Map<number, {at: number, fn: () => void}>} */
  #timers = new Map();

  setTimeout = (/** @type {() => void} */ fn, /** @type {number} */ ms) => {
    const id = this.#next++;
    this.#timers.set(id, { at: this.now + ms, fn });
    return id;
  };

  clearTimeout = (/** @type {number} */ id) => {
    this.#timers.delete(id);
  };

  /** Let time pass, running what falls due in its order. @param {number} ms */
  advance(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.now = due[1].at;
      due[1].fn();
    }
    this.now = end;
  }
}

export class FakeSocket {
  /** @type {FakeSocket[]} */
  static all = [];
  /** @type {any[]} frames that the client sent */
  sent = [];
  readyState = 0;
  closed = false;
  /** @type {(() => void) | null} */ onopen = null;
  /** @type {((message: {data: string}) => void) | null} */ onmessage = null;
  /** @type {((close: {code: number}) => void) | null} */ onclose = null;
  onerror = null;

  constructor(/** @type {string} */ url, /** @type {string} */ protocol) {
    this.url = url;
    this.protocol = protocol;
    FakeSocket.all.push(this);
  }

  send(/** @type {string} */ text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
    this.readyState = 3;
  }

  /** The server accepts. */
  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  /** The server sends a frame. @param {unknown} frame */
  receive(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The connection ends. @param {number} [code] */
  break(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  /** Accept and welcome. @param {object} [more] */
  welcome(more = {}) {
    this.open();
    this.receive({ welcome: { person: "p1", role: "participant", at: "e:1", seq: 1, now: 0, resumed: true, docs: {}, ...more } });
  }

  /** Commands among what was sent. @returns {any[]} */
  get commands() {
    return this.sent.filter((frame) => frame.do);
  }
}

export class FakeStorage {
  /** @type {Map<string, string>} */
  items = new Map();
  getItem(/** @type {string} */ key) {
    return this.items.get(key) ?? null;
  }
  setItem(/** @type {string} */ key, /** @type {string} */ value) {
    this.items.set(key, value);
  }
  removeItem(/** @type {string} */ key) {
    this.items.delete(key);
  }
}
