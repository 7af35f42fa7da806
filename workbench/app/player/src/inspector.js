/** The chosen code: what it says, and every way to change it. The acts behind it are `hand.js`'s and `palette.js`'s. */

import { inWords } from "./asking.js";
import * as coding from "./coding.js";
import { button, h, icon, ICONS, safeColour, write } from "./dom.js";
import { clockTenths, keyLabel } from "./format.js";
import { keycap } from "./keycap.js";

const EARLIER = "M10 3.500 5.500 8 10 12.500";
const LATER = "M6 3.500 10.500 8 6 12.500";
const HERE = "M4.500 2.500h7L8 6.500zM8 6.500v7"; // the playhead

export class Inspector {
  static when = (payload) => payload.mode === "code";

  constructor(room) {
    this.room = room;
    this.acts = { comment: () => this.#ask(this.comment), question: () => this.#ask(this.question) };
    this.element = h("div", { class: "inspector", role: "group", "aria-label": "Chosen code", "data-testid": "inspector", hidden: true });
    this.#build();
    room.events.element.append(this.element);
  }

  rekeyed() {
    this.event = null;
    this.#build();
  }

  update({ content, chosen, editable }) {
    const writing = chosen === this.event?.id && this.fields.some((field) => field.matches(":focus"));
    const event = this.#find(chosen, writing ? this.room.ledger.content() : content); // what is written about stays, drawn or not
    if (event?.id !== this.event?.id) this.#keepWritten(content);
    this.element.hidden = !event || !editable;
    if (event && event !== this.event) this.#show(event);
    this.event = event;
  }

  #find(id, { events }) {
    return (id && events.find((e) => e.id === id)) || null;
  }

  // ---- building ---------------------------------------------------------------------------

  #build() {
    const { room } = this;
    const { scheme } = room.payload;
    const act = (name) => (e) => room.acts[name](e);
    const key = (name) => keycap(room.keyOf.get(name));
    const hint = (words, name) => (room.keyOf.has(name) ? `${words} (${keyLabel(room.keyOf.get(name))})` : words);
    const tool = (words, name, shape) => button({ class: "tool tiny", "aria-label": words, title: hint(words, name), "data-testid": name, onclick: act(name) }, icon(shape));

    this.title = h("span", { class: "chosen-title", dir: "auto" });
    this.change = button({ class: "small", title: "Give it another code: then press a code’s key", "data-testid": "recode", onclick: act("recode") }, "Change ", key("recode"));
    this.bin = button({ class: "small", "aria-label": "Delete", title: hint("Delete", "delete"), "data-testid": "delete", onclick: act("delete") }, icon(ICONS.bin));

    this.starts = h("span", { class: "time" });
    this.ends = h("span", { class: "time" });
    this.endTools = [tool("End 0.1 s earlier", "endEarlier", EARLIER), tool("End 0.1 s later", "endLater", LATER)];
    this.endGroup = h("span", { class: "edge", role: "group", "aria-label": "End" }, "to", ...this.endTools.slice(0, 1), this.ends, ...this.endTools.slice(1), tool("End at the playhead", "endHere", HERE));
    const start = [tool("Start 0.1 s earlier", "startEarlier", EARLIER), this.starts, tool("Start 0.1 s later", "startLater", LATER), tool("Start at the playhead", "startHere", HERE)];
    this.times = h("div", { class: "inspector-row times" }, h("span", { class: "edge", role: "group", "aria-label": "Start" }, ...start), this.endGroup);

    this.said = h("span", { class: "said-more", dir: "auto" });
    this.modify = button({ class: "small", "data-testid": "modify", onclick: act("modify") }, "Say more ", key("modify"));
    this.more = h("div", { class: "inspector-row" }, this.said, this.modify);

    this.unsure = button({ class: "small", "aria-pressed": "false", "data-testid": "unsure", onclick: act("unsure") }, "Unsure ", key("unsure"));
    this.comment = this.#field("comment", "Comment on the chosen code", hint("Comment", "comment"), (event, comment) => coding.amend(event, { comment }));
    this.second = h("select", { class: "field-small", "aria-label": "Second choice", title: hint("Second choice", "secondChoice"), "data-testid": "second-choice" }, h("option", { value: "" }, "no second choice"), ...scheme.codes.map((code) => h("option", { value: code.id, dir: "auto" }, code.label)));
    this.second.addEventListener("change", () => this.#amend((event) => (event.second_choice === this.second.value ? null : coding.amend(event, { second_choice: this.second.value }))));
    this.second.addEventListener("keydown", (e) => leaving(e) && this.second.blur());
    this.question = this.#field("question", "Question to the supervisor", hint("Question", "question"), (event, question) => coding.amend(event, { unsure: true, question }));
    this.doubt = h("div", { class: "inspector-row" }, this.second, this.question);
    this.fields = [this.comment, this.question];

    this.element.replaceChildren(
      h("div", { class: "inspector-row" }, this.title, this.change, this.bin),
      this.times,
      this.more,
      h("div", { class: "inspector-row" }, this.comment, this.unsure),
      this.doubt,
    );
  }

  #field(name, label, placeholder, make) {
    const field = h("input", { type: "text", class: "comment", dir: "auto", "aria-label": label, placeholder, maxlength: 2000, autocomplete: "off", "data-testid": name });
    field.addEventListener("change", () => {
      const text = field.value.trim();
      this.#amend((event) => (event[name] === text ? null : make(event, text)));
    });
    field.addEventListener("keydown", (e) => {
      if (e.key === "Escape") field.value = this.event?.[name] ?? "";
      if (leaving(e)) field.blur();
      e.stopPropagation();
    });
    return field;
  }

  // ---- showing ----------------------------------------------------------------------------

  #show(event) {
    const { scheme, people = [] } = this.room.payload;
    const code = coding.codeOf(scheme, event.code);
    const dark = event.code === coding.NOT_OBSERVABLE;
    const state = code.kind === "state";
    this.title.replaceChildren(h("span", { class: `shape ${code.kind}`, style: { "--code": safeColour(code.colour) }, "aria-hidden": "true" }), code.label);
    this.title.title = code.label;
    this.starts.textContent = clockTenths(event.start_ms);
    this.ends.textContent = event.end_ms == null ? "open" : clockTenths(event.end_ms);
    this.endGroup.hidden = !state && !event.unit;
    for (const tool of this.endTools) tool.hidden = event.end_ms == null;
    this.times.classList.toggle("fixed", Boolean(event.unit));
    for (const tool of [this.change, this.unsure]) tool.hidden = dark;
    const asks = (code.modifiers?.length ?? 0) + (code.ask?.length ?? 0) > 0;
    this.more.hidden = !asks;
    const words = inWords(code, event, people);
    const wanting = (code.modifiers ?? []).filter((set) => set.required && !event.modifiers.some((m) => m.startsWith(`${set.id}:`)));
    this.said.replaceChildren(words.join(" · "), wanting.length ? h("span", { class: "needed" }, `${words.length ? " · " : ""}${wanting.map((set) => set.label).join(", ")} needed`) : "");
    if (!words.length && !wanting.length) this.said.replaceChildren(h("span", { class: "quiet" }, "nothing said beyond the code"));
    this.unsure.setAttribute("aria-pressed", String(event.unsure));
    this.doubt.hidden = !event.unsure;
    const other = event.id !== this.event?.id;
    for (const field of this.fields) if (other || !field.matches(":focus")) write(field, "value", event[field.dataset.testid]);
    write(this.second, "value", event.second_choice);
  }

  // ---- acting -----------------------------------------------------------------------------

  /** Into a field of the chosen code, and at once where that was just made and is not drawn yet: the next keys are words and code nothing. */
  #ask(field) {
    const { room } = this;
    let asked = null;
    room.tabs.show("events");
    room.hand.chosen((event) => {
      asked = event.id;
      return field === this.question && !event.unsure ? coding.amend(event, { unsure: true }) : null;
    });
    const event = this.#find(asked, room.ledger.content());
    if (!event) return;
    if (event.id !== this.event?.id) this.#keepWritten(room.ledger.content());
    this.element.hidden = false;
    this.#show(event);
    this.event = event;
    field.focus();
  }

  /** Another code was chosen while the hand was in a field: what stands there belongs to the one before. */
  #keepWritten(content) {
    const before = this.event && content.events.find((e) => e.id === this.event.id);
    if (!before || !this.room.editable()) return;
    for (const field of this.fields) {
      const name = field.dataset.testid;
      const text = field.value.trim();
      if (field.matches(":focus") && text !== before[name]) this.room.act({ operations: [{ kind: "amend", event: before.id, values: { [name]: text } }], sentence: `Kept with ${coding.codeOf(this.room.payload.scheme, before.code).label}: ${text || "nothing"}` });
    }
  }

  #amend(make) {
    const { room } = this;
    const event = room.ledger.content().events.find((e) => e.id === this.event?.id);
    const result = event && make(event);
    if (result && room.editable()) room.act(result);
  }
}

function leaving(e) {
  return (e.key === "Enter" && !e.isComposing) || e.key === "Escape";
}
