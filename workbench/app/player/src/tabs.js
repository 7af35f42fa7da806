/** Tabs after the ARIA pattern: arrow keys move, one panel shows and hears the event "shown". */

import { h } from "./dom.js";

export function tabs(name, parts) {
  const prefix = `tab-${Math.random().toString(36).slice(2)}`;
  const buttons = new Map();
  const panels = new Map(parts.map((part) => [part.id, part.panel]));
  const list = h("div", { class: "panel-head tab-list", role: "tablist", "aria-label": name });
  const element = h("div", { class: "tabs" }, list);
  const show = (id) => {
    for (const part of parts) {
      const on = part.id === id;
      buttons.get(part.id).setAttribute("aria-selected", String(on));
      buttons.get(part.id).tabIndex = on ? 0 : -1;
      part.panel.hidden = !on;
    }
    panels.get(id).dispatchEvent(new Event("shown"));
  };
  for (const part of parts) {
    const b = h("button", { type: "button", role: "tab", id: `${prefix}-${part.id}`, "aria-controls": `${prefix}-${part.id}-panel`, "data-testid": `tab-${part.id}`, onclick: () => show(part.id) }, part.label);
    Object.entries({ role: "tabpanel", id: `${prefix}-${part.id}-panel`, "aria-labelledby": b.id }).forEach(([k, v]) => part.panel.setAttribute(k, v));
    buttons.set(part.id, b);
    list.append(b);
    element.append(part.panel);
  }
  list.addEventListener("keydown", (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!step) return;
    const place = parts.findIndex((p) => buttons.get(p.id).getAttribute("aria-selected") === "true");
    const next = parts[(place + step + parts.length) % parts.length];
    show(next.id);
    buttons.get(next.id).focus();
  });
  show(parts[0].id);
  return {
    element,
    list,
    show,
    panel: (id) => panels.get(id),
    /** Which panel shows. */
    shown: () => parts.find((part) => !part.panel.hidden).id,
    label: (id, text) => {
      if (buttons.get(id).textContent !== text) buttons.get(id).textContent = text;
    },
  };
}
