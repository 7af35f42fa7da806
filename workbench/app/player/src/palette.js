/** The palette: what a code asks, answered by one keystroke while it plays on. The code is already kept. */

import { answer, answered, questions } from "./asking.js";
import * as coding from "./coding.js";
import { apart, dirOf } from "./direction.js";
import { button, h, safeColour } from "./dom.js";
import { clockTenths, shortly } from "./format.js";
import { keycap } from "./keycap.js";
import { namesOf } from "./keys.js";
import { codesUnits } from "./units.js";

export class Palette {
  static when = (payload) => payload.mode === "code";

  constructor(room) {
    this.room = room;
    room.palette = this;
    this.acts = { modify: () => this.#reopen() };
    this.heard = h("p", { class: "vh", "aria-live": "polite" });
    this.body = h("div", { class: "palette", role: "group", "aria-label": "More about the code", "data-testid": "palette", hidden: true });
    // the utterance that is coded stays in sight: there it covers what the code means, not the transcript
    const place = codesUnits(room.payload.scheme) ? " over-meaning" : "";
    this.element = h("div", { class: `palette-dock${place}` }, this.body, this.heard);
    room.codes.element.before(this.element);
  }

  /** Ask about an event what its code asks; nothing where all is answered, unless it is `wanted`. */
  ask(id, wanted = false) {
    this.leave();
    const { event, code, asked } = this.#questions(id);
    if (!event || !asked.length || (!wanted && answered(asked))) return false;
    this.event = id;
    this.wanted = wanted;
    this.#draw(event, code, asked);
    this.heard.textContent = asked.map((q) => `${q.label}? ${q.options.map((o) => `${o.key} ${shortly(o.label)}`).join(", ")}.`).join(" ");
    return true;
  }

  /** Wait for a code's key or button, for this event, and hand the code over. */
  pick(id, title, hint, then) {
    this.leave();
    this.picking = { id, then };
    this.body.replaceChildren(h("span", { class: "palette-title" }, apart(title)), h("span", { class: "palette-hint" }, hint), this.#done());
    this.body.classList.add("one");
    this.body.hidden = false;
    this.heard.textContent = `${title}. ${hint}`;
  }

  /** Whether a code was pressed for `pick` and not for coding. */
  take(code) {
    const { picking } = this;
    if (!picking) return false;
    this.leave();
    picking.then(code);
    return true;
  }

  leave() {
    if (!this.event && !this.picking) return;
    this.event = this.picking = null;
    this.body.hidden = true;
    this.heard.textContent = "";
  }

  key(e) {
    if (this.body.hidden || e.repeat) return false;
    const names = namesOf(e);
    const chosen = this.event ? this.#optionOf(names) : undefined;
    if (names[0] !== "escape" && !chosen) return false;
    if (chosen?.option.chosen && this.#began(names)) return false; // the key that began a stretch ends it
    e.preventDefault();
    e.stopImmediatePropagation();
    if (chosen) this.#choose(chosen.question.id, chosen.option.id);
    else this.leave();
    return true;
  }

  /** The option that a press means. What the press is bound to as typed (Shift and the letter) goes before the letter alone. */
  #optionOf(names) {
    const options = new Map(this.shown.filter(({ option }) => option.key).map((entry) => [entry.option.key, entry]));
    return options.get(names.find((name) => options.has(name) || this.room.keys.bindings.has(name)));
  }

  /** Whether a press is the key that codes the event in question, as it is. */
  #began(names) {
    const { bindings } = this.room.keys;
    const binding = bindings.get(names.find((name) => bindings.has(name)));
    const event = this.room.ledger.content().events.find((e) => e.id === this.event);
    return Boolean(event && binding?.code === event.code && binding.modifiers?.every((m) => event.modifiers.includes(m)));
  }

  update({ chosen, editable, changed }) {
    const about = this.event ?? this.picking?.id;
    if (!about) return;
    if (!editable || chosen !== about || changed.get(about)?.after === null) return this.leave();
    if (!this.event || !changed.has(this.event)) return;
    const { event, code, asked } = this.#questions(this.event);
    if (!event) return this.leave();
    this.#draw(event, code, asked);
  }

  rekeyed() {
    this.leave();
  }

  #questions(id) {
    const { room } = this;
    const event = room.ledger.content().events.find((e) => e.id === id);
    if (!event) return { asked: [] };
    const code = coding.codeOf(room.payload.scheme, event.code);
    const busy = (key) => room.keys.bindings.get(key)?.code;
    return { event, code, asked: questions(code, event, room.payload.people ?? [], busy) };
  }

  #choose(question, option) {
    const { event, code, asked } = this.#questions(this.event);
    const q = asked.find((x) => x.id === question);
    if (!q || !this.room.editable()) return;
    const chosen = q.options.find((x) => x.id === option);
    const values = answer(code, event, q, chosen);
    this.room.work?.hand();
    if (Object.entries(values).some(([field, value]) => String(value) !== String(event[field]))) this.room.act(coding.amend(event, values));
    const after = this.#questions(this.event);
    if (answered(after.asked)) return this.leave();
    this.#draw(after.event, after.code, after.asked);
    this.heard.textContent = after.asked.find((x) => x.id === question).options.find((x) => x.id === option).chosen ? `${shortly(chosen.label)} chosen.` : `${shortly(chosen.label)} taken back.`;
  }

  #reopen() {
    this.room.hand.chosen((event, { scheme }) => {
      if (!this.ask(event.id, true)) this.room.say(`${coding.codeOf(scheme, event.code).label} has no modifiers and asks for no person.`);
    });
  }

  #draw(event, code, asked) {
    const signature = JSON.stringify([event.id, event.start_ms, code.id, asked]);
    this.body.hidden = false;
    if (signature === this.signature && this.body.firstChild?.dataset.event) return;
    this.signature = signature;
    this.body.classList.toggle("one", asked.length === 1);
    this.shown = asked.flatMap((question) => question.options.map((option) => ({ question, option })));
    const focused = this.body.getRootNode().activeElement;
    const again = this.body.contains(focused) ? focused.dataset.testid : "";
    this.body.replaceChildren(
      h("span", { class: "palette-title", dir: dirOf(code.label), "data-event": event.id, style: { "--code": safeColour(code.colour) } }, h("span", { class: `shape ${code.kind}`, "aria-hidden": "true" }), `${code.label} `, h("span", { class: "quiet" }, clockTenths(event.start_ms))),
      h("div", { class: "palette-questions" }, ...asked.map((q) => this.#question(q))),
      this.#done(),
    );
    if (again) this.body.querySelector(`[data-testid="${again}"]`)?.focus();
  }

  #question(question) {
    const label = question.several ? `${question.label}, any` : question.label;
    return h(
      "span",
      { class: "palette-question", role: "group", dir: dirOf(question.label), "aria-label": label },
      h("span", { class: "palette-label" }, h("bdi", {}, question.label), question.required ? h("span", { class: "needed", title: "Needed before submission" }, ", needed") : question.several ? ", any" : null),
      ...question.options.map((option) =>
        button(
          { class: "palette-option", dir: dirOf(option.label) ?? "ltr", "aria-pressed": String(option.chosen), "aria-keyshortcuts": option.key.toUpperCase() || null, "data-testid": `option-${question.id}-${option.id}`, onclick: () => this.#choose(question.id, option.id) },
          keycap(option.key),
          h("span", {}, ...spoken(option.label)),
          h("span", { class: "tick", "aria-hidden": "true" }, option.chosen ? "✓" : ""),
        ),
      ),
    );
  }

  #done() {
    return button({ class: "small palette-done", onclick: () => this.leave() }, "Leave ", keycap("escape"));
  }
}

/** "Mild: a hint": the answer, and what it means quieter. */
function spoken(label) {
  const short = shortly(label);
  return short === label ? [label] : [short, h("span", { class: "why" }, label.slice(short.length))];
}
