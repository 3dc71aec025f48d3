/**
 * The few places where the DOM is built. Data becomes text nodes only, never markup.
 *
 * Rules: nothing here reads documents, nothing here keeps state besides what `keyed` remembers about its own children.
 */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, unknown> & {class?: string, style?: Record<string, string>}} Props */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Build an HTML element.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props] attributes; `onclick` and the like take functions, `class` and `style` (an object of CSS
 *   properties) are written without the markup that a content security policy forbids; `true` gives an empty attribute,
 *   `false`, `null` and `undefined` none
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  assign(el, props);
  append(el, children);
  return el;
}

/**
 * Build an SVG element; as `h`.
 *
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, props, ...children) {
  const el = document.createElementNS(SVG, tag);
  assign(el, props);
  append(el, children);
  return el;
}

/**
 * Write attributes and listeners.
 *
 * @param {HTMLElement | SVGElement} el
 * @param {Props | null} [props]
 */
export function assign(el, props) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name === "style") {
      for (const [property, text] of Object.entries(/** @type {Record<string, string>} */ (value))) {
        el.style.setProperty(property, text);
      }
    } else if (name.startsWith("on") && typeof value === "function") {
      el.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (value === true) {
      el.setAttribute(name, "");
    } else if (value === false || value === null || value === undefined) {
      el.removeAttribute(name);
    } else if (el.getAttribute(name) !== String(value)) {
      el.setAttribute(name, String(value));
    }
  }
}

/**
 * @param {Element} el
 * @param {(Child | Child[])[]} children
 */
function append(el, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    el.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Take all children away and, where given, put others in their place.
 *
 * @param {Element} el
 * @param {...(Child | Child[])} children
 */
export function clear(el, ...children) {
  el.replaceChildren();
  append(el, children);
}

/**
 * Write a text only where it differs, so that nothing is announced or selected anew for no reason.
 *
 * @param {Node} el
 * @param {string | number} text
 */
export function setText(el, text) {
  if (el.textContent !== String(text)) el.textContent = String(text);
}

/**
 * The element with this id; a page without it is a mistake of the page.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const el = document.getElementById(id);
  if (!el) throw new Error(`no element #${id}`);
  return el;
}

/**
 * The first element that matches inside `root`; its absence is a mistake of the page.
 *
 * @template {Element} [E=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {E}
 */
export function one(selector, root = document) {
  const el = root.querySelector(selector);
  if (!el) throw new Error(`no element ${selector}`);
  return /** @type {E} */ (el);
}

/**
 * A copy of what a `<template>` of the page holds: the server and the script then build from one and the same markup.
 *
 * @param {string} id of the `<template>`
 * @returns {HTMLElement}
 */
export function clone(id) {
  const template = /** @type {HTMLTemplateElement} */ (byId(id));
  const copy = template.content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`template #${id} is empty`);
  return copy;
}

/**
 * Bring the children of `parent` in line with `items`: an element lives as long as its key, keeps its focus and its
 * listeners, and moves only when its neighbours did. A child that the server rendered is taken over when it carries the
 * key in `data-key`; any other child is removed.
 *
 * @template T
 * @template {HTMLElement | SVGElement} E
 * @param {Element} parent
 * @param {readonly T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => E} create
 * @param {(el: E, item: T) => void} [update] called for every item, also right after `create`
 */
export function keyed(parent, items, keyOf, create, update) {
  /** @type {Map<string, E>} */
  const present = new Map();
  for (const child of [...parent.children]) {
    const key = /** @type {HTMLElement} */ (child).dataset.key;
    if (key === undefined || present.has(key)) child.remove();
    else present.set(key, /** @type {E} */ (child));
  }
  const wanted = new Set(items.map(keyOf));
  for (const [key, el] of present) {
    if (!wanted.has(key)) {
      keepFocusNear(parent, el);
      el.remove();
    }
  }
  /** @type {Element | null} */
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let el = present.get(key);
    if (!el) {
      el = create(item);
      el.dataset.key = key;
    }
    if (el === next) {
      next = next.nextElementSibling;
    } else {
      const focused = el.contains(document.activeElement) ? document.activeElement : null;
      parent.insertBefore(el, next);
      if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    }
    update?.(el, item);
  }
}

/**
 * When an element that holds the focus is about to go, hand the focus to a neighbour rather than to the page's top.
 *
 * @param {Element} parent
 * @param {Element} el
 */
function keepFocusNear(parent, el) {
  if (!el.contains(document.activeElement)) return;
  const neighbour = el.nextElementSibling ?? el.previousElementSibling;
  const target = neighbour?.querySelector("button, a[href], input, select, textarea, [tabindex]");
  if (target instanceof HTMLElement) {
    target.focus({ preventScroll: true });
  } else if (parent instanceof HTMLElement) {
    if (!parent.hasAttribute("tabindex")) parent.tabIndex = -1;
    parent.focus({ preventScroll: true });
  }
}
