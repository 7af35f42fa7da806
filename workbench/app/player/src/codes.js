/** The code buttons: key, name, kind; what a code means is one hover or one Tab away. */

import { button, h, safeColour } from "./dom.js";
import { clock, keyLabel } from "./format.js";

export class CodesPanel {
  constructor({ scheme, keys, onPress }) {
    this.scheme = scheme;
    this.buttons = new Map();
    this.meaning = h("div", { class: "meaning", "data-testid": "meaning" });
    const grid = h("div", { class: "code-grid" });
    for (const code of scheme.codes) {
      const tell = () => this.explain(code);
      const running = h("span", { class: "running" });
      const b = button(
        {
          class: "code",
          style: { "--code": safeColour(code.colour) },
          "aria-pressed": code.kind === "state" ? "false" : null,
          "aria-keyshortcuts": keys.get(code.id)?.toUpperCase(),
          "data-testid": `code-${code.id}`,
          onclick: (e) => onPress(code, e),
          onmouseenter: tell,
          onfocus: tell,
        },
        keys.has(code.id) ? h("kbd", {}, keyLabel(keys.get(code.id))) : null,
        h("span", { class: `shape ${code.kind}`, "aria-hidden": "true" }),
        h("span", { class: "name" }, code.label),
        running,
      );
      this.buttons.set(code.id, { button: b, running });
      grid.append(b);
    }
    this.element = h(
      "section",
      { class: "panel codes", "aria-label": "Codes" },
      h("div", { class: "panel-head" }, h("h3", {}, "Codes"), h("span", { class: "legend" }, h("span", { class: "shape point", "aria-hidden": "true" }), "moment", h("span", { class: "shape state", "aria-hidden": "true" }), "from – to")),
      h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Code buttons" }, grid, this.meaning),
    );
    this.explain(scheme.codes[0]);
  }

  /** Definition, example and near miss of one code. */
  explain(code) {
    if (!code || code === this.explained) return;
    this.explained = code;
    const part = (name, text) => (text ? h("p", {}, h("b", {}, `${name} `), text) : null);
    this.meaning.replaceChildren(
      ...[h("p", { class: "meaning-name" }, code.label), h("p", {}, code.definition ?? ""), part("Such as", code.example), part("Not", code.near_miss)].filter(Boolean),
    );
  }

  /** Which states are open, and since when. */
  update(open, disabled) {
    for (const [id, { button: b, running }] of this.buttons) {
      const event = open.filter((e) => e.code === id).at(-1);
      if (b.hasAttribute("aria-pressed")) b.setAttribute("aria-pressed", String(Boolean(event)));
      running.textContent = event ? `since ${clock(event.start_ms)}` : "";
      b.setAttribute("aria-disabled", String(disabled));
    }
  }

  /** A short sign on the button that the key arrived. */
  flash(id) {
    const b = this.buttons.get(id)?.button;
    if (!b) return;
    b.classList.remove("flash");
    void b.offsetWidth;
    b.classList.add("flash");
  }
}
