/** As much of a page as the parts of the room need to be built and pressed in a test: no layout, no styles. */

class Node extends EventTarget {}

export class Element extends Node {
  constructor(tag) {
    super();
    Object.assign(this, { tagName: tag.toUpperCase(), attributes: new Map(), children: [], parentElement: null, dataset: {}, value: "", checked: false, disabled: false });
    this.style = { setProperty() {} };
    const names = new Set();
    this.classList = { add: (...all) => all.forEach((n) => names.add(n)), remove: (...all) => all.forEach((n) => names.delete(n)), contains: (n) => names.has(n), toggle: (n, on = !names.has(n)) => (on ? names.add(n) : names.delete(n)) };
  }

  setAttribute(name, value) {
    this.attributes.set(name, String(value));
    if (name === "value") this.value = String(value);
    if (name === "hidden") this.hidden = true;
    if (name.startsWith("data-")) this.dataset[name.slice(5).replace(/-(.)/g, (_, letter) => letter.toUpperCase())] = String(value);
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  hasAttribute(name) {
    return this.attributes.has(name);
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  append(...nodes) {
    for (const node of nodes) {
      if (node instanceof Element) node.parentElement = this;
      this.children.push(node);
    }
  }

  replaceChildren(...nodes) {
    this.children = [];
    this.append(...nodes);
  }

  before() {}

  after() {}

  remove() {}

  get firstChild() {
    return this.children[0] ?? null;
  }

  get lastChild() {
    return this.children.at(-1) ?? null;
  }

  get textContent() {
    return this.children.map((child) => (child instanceof Element ? child.textContent : String(child))).join("");
  }

  set textContent(text) {
    this.children = text === "" ? [] : [text];
  }

  matches(selector) {
    return selector === ":focus" && globalThis.document.activeElement === this;
  }

  contains(node) {
    return node === this || this.children.some((child) => child instanceof Element && child.contains(node));
  }

  /** By `[data-testid=…]` and by attribute alone, which is all that the parts ask for. */
  querySelector(selector) {
    const [, name, wanted] = /^\[([\w-]+)="?([^"\]]*)"?\]$/.exec(selector) ?? [null, "data-testid", selector];
    for (const child of this.children) {
      if (!(child instanceof Element)) continue;
      const found = child.getAttribute(name) === wanted ? child : child.querySelector(selector);
      if (found) return found;
    }
    return null;
  }

  /** Nothing is laid out here: whatever is asked for is the parent. */
  closest() {
    return this.parentElement;
  }

  getRootNode() {
    return globalThis.document;
  }

  focus() {
    globalThis.document.activeElement = this;
    this.dispatchEvent(new Event("focus"));
  }

  blur() {
    globalThis.document.activeElement = null;
  }

  click() {
    this.dispatchEvent(new Event("click"));
  }
}

/** Put the page in place for the rest of this test file. */
export function openPage() {
  const made = (tag) => new Element(tag);
  Object.assign(globalThis, { Node, Element, document: { createElement: made, createElementNS: (_, tag) => made(tag), createTextNode: (text) => text, activeElement: null } });
}

/** A key press as the room's parts see it. */
export function press(key, more = {}) {
  const told = { stopped: false };
  return Object.assign(told, { type: "keydown", key, code: "", repeat: false, preventDefault() {}, stopImmediatePropagation: () => (told.stopped = true), composedPath: () => [globalThis.document.activeElement], ...more });
}
