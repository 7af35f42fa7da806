/** The code buttons, laid out like the keyboard under the rater's hand, and what a code means. */

import { NOT_OBSERVABLE, NOT_OBSERVABLE_CODE } from "./coding.js";
import { dirOf } from "./direction.js";
import { button, h, safeColour } from "./dom.js";
import { clock } from "./format.js";
import { keycap } from "./keycap.js";

const KEYBOARD = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
const WIDEST_ROW = 6;
const SOON_MS = 120;

/** Codes in rows of the keyboard, or null where their keys do not lie in few short rows. */
export function keyboardRows(codes, keys) {
  const rows = KEYBOARD.map((row) => codes.filter((c) => row.includes(keys.get(c.id) ?? "\u0000")).sort((a, b) => row.indexOf(keys.get(a.id)) - row.indexOf(keys.get(b.id)))).filter((row) => row.length);
  const placed = rows.reduce((n, row) => n + row.length, 0);
  const fits = placed === codes.length && rows.length > 1 && rows.every((row) => row.length <= WIDEST_ROW);
  return fits ? rows : null;
}

export class CodesPanel {
  constructor({ scheme, keys, actKeys, onPress, onExplain }) {
    Object.assign(this, { scheme, onPress, onExplain });
    this.element = h("section", { class: "panel codes", "aria-label": "Codes" });
    this.lay(keys, actKeys);
  }

  /** Lay out the buttons under these keys: of the codes (Map id → key) and of the room's acts. */
  lay(keys, actKeys) {
    const { scheme } = this;
    this.keys = keys;
    this.buttons = new Map();
    const rows = keyboardRows(scheme.codes, keys);
    const columns = rows ? Math.max(...rows.map((row) => row.length)) : null;
    const grid = h("div", { class: rows ? "code-rows" : "code-grid", style: columns ? { "--columns": columns } : {} });
    const laid = rows ?? [scheme.codes];
    const dark = laid.find((row) => row.length < columns) ?? laid.at(-1); // the first row with a place left
    for (const row of laid) {
      const buttons = row.map((code) => this.#button(code));
      if (row === dark) buttons.push(this.#button(NOT_OBSERVABLE_CODE, actKeys.get("notObservable")));
      if (rows) buttons[0]?.style.setProperty("grid-column-start", "1");
      grid.append(...buttons);
    }
    this.element.replaceChildren(grid);
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
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.buttons.get(id)?.button.animate([{ boxShadow: "inset 0 0 0 2px var(--code)" }, { boxShadow: "inset 0 0 0 2px transparent" }], 320);
  }

  #button(code, key = this.keys.get(code.id)) {
    const tell = () => this.onExplain(code);
    const running = h("span", { class: "running" });
    const b = button(
      {
        class: "code",
        dir: dirOf(code.label),
        style: { "--code": safeColour(code.colour) },
        "aria-pressed": code.kind === "state" ? "false" : null,
        "aria-keyshortcuts": key?.toUpperCase(),
        "data-testid": `code-${code.id}`,
        onclick: (e) => this.onPress(code, e),
        onmouseenter: tell,
        onfocus: tell,
      },
      keycap(key),
      h("span", { class: `shape ${code.kind} ${code.id === NOT_OBSERVABLE ? "hatched" : ""}`, "aria-hidden": "true" }),
      h("span", { class: "name", dir: "auto" }, code.label),
      ...this.#direct(code),
      running,
    );
    this.buttons.set(code.id, { button: b, running });
    return b;
  }

  /** The keys that code it together with one of its options. */
  #direct(code) {
    const options = (code.modifiers ?? []).flatMap((set) => set.options.map((option) => ({ option, key: this.keys.get(`${code.id}/${set.id}:${option.id}`) })));
    return options.filter(({ key }) => key).map(({ option, key }) => h("span", { class: "direct", title: `${code.label}: ${option.label}` }, keycap(key), h("span", { class: "vh" }, option.label)));
  }
}

/** Definition, example and near miss of one code: the one last pressed, pointed at or chosen. */
export class MeaningPanel {
  constructor() {
    this.body = h("div", { class: "scroll meaning", tabindex: 0, role: "group", "aria-label": "Meaning of the code", "data-testid": "meaning" });
    this.body.addEventListener("scroll", () => (this.scrolled = true), { passive: true });
    this.element = h("section", { class: "panel meaning-panel", "aria-label": "What the code means" }, this.body);
  }

  /** Explain it a moment later: nobody who presses key after key reads on in between, and each waits for its code. */
  explainSoon(code) {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.explain(code), SOON_MS);
  }

  /** The same again: what is said of it besides (`more`) has changed. */
  again() {
    const code = this.explained;
    this.explained = null;
    this.explain(code);
  }

  explain(code) {
    clearTimeout(this.soon);
    if (!code || code === this.explained) return;
    this.explained = code;
    const part = (name, text) => (text ? h("p", { dir: dirOf(text) }, h("b", { dir: "ltr" }, name), " ", h("span", { dir: "auto" }, text)) : null);
    this.body.replaceChildren(
      ...[
        h("p", { class: "meaning-name", dir: dirOf(code.label), style: { "--code": safeColour(code.colour) } }, h("span", { class: `shape ${code.kind}`, "aria-hidden": "true" }), h("span", { dir: "auto" }, code.label), h("span", { class: "kind" }, { state: "from – to", utterance: "an utterance" }[code.kind] ?? "a moment")),
        code.definition ? h("p", { dir: "auto" }, code.definition) : null,
        part("Such as:", code.example),
        part("Not:", code.near_miss),
        part("Asks for:", asks(code)),
        ...(this.more?.(code) ?? []),
      ].filter(Boolean),
    );
    if (this.scrolled) this.body.scrollTop = 0;
    this.scrolled = false;
  }
}

function asks(code) {
  return [...(code.modifiers ?? []).map((set) => set.label), ...(code.ask ?? []).map((which) => (which === "who" ? "who" : "to whom"))].join(", ");
}
