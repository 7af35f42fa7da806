/** Colours of the page's theme, as a canvas takes them. */

import { h } from "./dom.js";

export class Theme {
  constructor(root, onChange) {
    this.root = root;
    this.probe = h("span", { class: "vh", "aria-hidden": "true" });
    root.append(this.probe);
    this.onChange = onChange;
    this.known = new Map();
    this.signature = this.#sign();
    this.paint = (colour) => this.#resolve(colour);
    this.paint.font = getComputedStyle(root).fontFamily;
  }

  /** Ask now and then: Streamlit changes custom properties without an event. */
  look() {
    const signature = this.#sign();
    if (signature === this.signature) return;
    this.signature = signature;
    this.known.clear();
    this.onChange();
  }

  #resolve(colour) {
    if (!this.known.has(colour)) {
      this.probe.style.color = colour;
      this.known.set(colour, getComputedStyle(this.probe).color);
    }
    return this.known.get(colour);
  }

  #sign() {
    const style = getComputedStyle(this.root);
    return ["--st-background-color", "--st-text-color", "--st-primary-color"].map((name) => style.getPropertyValue(name)).join();
  }
}
