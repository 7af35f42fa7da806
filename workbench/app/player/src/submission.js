/** Submitting: the server's checklist with a way to answer each entry, then handing in. */

import * as coding from "./coding.js";
import { openDialog } from "./dialogs.js";
import { apart, dirOf } from "./direction.js";
import { h } from "./dom.js";
import { clock, count, duration } from "./format.js";
import { keycap } from "./keycap.js";
import { finish, PASSES } from "./pass-rules.js";
import { personName, segmentName } from "./rating-places.js";

const MANY = 15;
const REASONS = [
  "The codes do not catch what I rate here",
  "The moments are few, but they weigh a lot",
  "I rate the stretch as a whole, not its moments",
  "I am not sure; please look at it with me",
];
const GROUPS = [
  { kind: "clock", name: "The clock" },
  { kind: "pass", name: "Passes" },
  { kind: "open", name: "States without an end" },
  { kind: "overlap", name: "Two at once where only one can be" },
  { kind: "modifier", name: "Questions left open" },
  { kind: "uncoded", name: "Utterances without a code" },
  { kind: "rating", name: "Ratings" },
  { kind: "contradiction", name: "Ratings beside their evidence" },
  { kind: "unsure", name: "You were unsure" },
];

/** Entries by kind, in the order in which they are read: [{name, kind, entries, number}]. Ratings that are
 * missing in one segment, or of one person, become one entry, so that an hour of segments stays a list to read. */
export function grouped(entries, segments = [], people = []) {
  return GROUPS.map((group) => {
    const own = entries.filter((e) => e.kind === group.kind);
    return { ...group, number: own.length, entries: group.kind === "rating" ? together(own, segments, people) : own };
  }).filter((group) => group.number);
}

function together(entries, segments, people) {
  const groups = new Map();
  for (const entry of entries) {
    const key = entry.segment || (entry.person ? `for ${entry.person}` : entry.scale);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const name = ({ segment, person }) => (person ? personName(people, person) : segmentName(segments, segment));
  const merged = ([first, ...others]) => (others.length ? { ...first, sentence: `${name(first)}: ${count(others.length + 1, "rating")} missing.` } : first);
  return [...groups.values()].map(merged).sort((a, b) => (a.segment || Infinity) - (b.segment || Infinity));
}

/** The answers to a contradiction, one digit each: the scheme's own, else ours. */
export const reasonsOf = (scheme) => (scheme.reasons?.length ? scheme.reasons : REASONS).slice(0, 9);

/** The operation that says why a rating stands. */
export const reasonFor = (entry, reason) => ({ operations: [{ kind: "reason", values: { rule: entry.rule, segment: entry.segment ?? 0, ...(entry.person ? { person: entry.person } : {}), reason } }] });

export class Submission {
  static when = (payload) => payload.mode === "code";

  constructor(room) {
    this.room = room;
    this.acts = { submit: (e) => this.#asked(e) };
  }

  /** The key finishes the pass at hand first; the button always shows the checklist. */
  #asked(e) {
    const passes = this.room.parts.find((part) => part.unfinished !== undefined);
    if (e?.type === "keydown" && passes?.unfinished && this.room.editable()) return this.room.acts.finishPass();
    return this.open();
  }

  async open() {
    if (this.dialog?.open || this.opening) return;
    this.opening = true;
    const told = await this.#check();
    this.opening = false;
    if (told && !this.room.dead) this.#show(told);
  }

  /** What the server says after everything here has reached it; null where it cannot be asked. */
  async #check() {
    const { room } = this;
    if (!(await room.sync.saveAll())) return room.say("Not everything is saved yet. Submit when the line above says “all saved”."), null;
    try {
      const response = await fetch(room.payload.urls.checklist, { credentials: "same-origin" });
      const told = await response.json().catch(() => ({}));
      if (response.ok) return told;
      room.say(told.error ?? `The server answered ${response.status}.`);
    } catch {
      room.say("The server does not answer. Nothing is lost; submit again in a moment.");
    }
    return null;
  }

  #show(told) {
    const { room } = this;
    this.body = h("div", { class: "submission" });
    this.answer = h("div", { role: "alert", class: "answer" });
    this.button = h("button", { type: "button", class: "primary", "data-testid": "submit-now" }, "Submit");
    this.button.addEventListener("click", () => this.#submit());
    this.dialog = openDialog(room.root, "Submit this coding", "submit-dialog", [this.body, this.answer], this.button);
    this.dialog.addEventListener("keydown", (e) => this.#key(e));
    this.#draw(told);
  }

  /** Ask again after an answer was given in the dialog. */
  async #refresh() {
    const told = await this.#check();
    if (!this.dialog?.open) return;
    if (told) this.#draw(told);
    else this.dialog.close();
  }

  #draw(told) {
    this.told = told;
    const { entries, events, time_spent_ms } = told;
    const blocking = entries.filter((e) => e.blocks);
    const spent = time_spent_ms + (this.room.work?.spent_ms ?? 0);
    this.waiting = entries.find((e) => e === this.again) ?? entries.find((e) => e.kind === "contradiction" && e.blocks) ?? null;
    const sentence = blocking.length ? `${count(blocking.length, "thing stands", "things stand")} in the way.` : "Nothing is missing.";
    this.body.replaceChildren(
      h("p", { class: blocking.length ? "lacking" : "complete", "data-testid": "complete" }, sentence, h("span", { class: "quiet" }, ` ${count(events, "code")}, ${duration(spent)} spent on this coding.`)),
      ...grouped(entries, this.room.payload.segments, this.room.payload.people).map((group) => this.#group(group)),
    );
    this.button.disabled = blocking.length > 0;
    const first = this.body.querySelector(".reason-key") ?? (blocking.length ? this.body.querySelector(".entries:not(.pass) button") : this.button);
    first?.focus();
  }

  #group({ name, kind, entries, number }) {
    const shown = entries.slice(0, MANY);
    return h(
      "section",
      { class: `entries ${kind}` },
      h("h3", {}, name, number > 1 ? h("span", { class: "number" }, String(number)) : null),
      kind === "unsure" ? h("p", { class: "quiet" }, "You may submit with these; your supervisor sees them.") : null,
      h("ul", { class: "checklist", "data-testid": entries.some((e) => e.blocks) ? "missing" : null }, ...shown.map((entry) => this.#entry(entry))),
      entries.length > shown.length ? h("p", { class: "quiet" }, `and ${entries.length - shown.length} more`) : null,
    );
  }

  #entry(entry) {
    const said = h("div", { class: "entry-said" }, h("span", {}, apart(entry.sentence)), entry.detail ? h("span", { class: "detail" }, entry.kind === "contradiction" ? "Your reason: " : "To your supervisor: ", h("bdi", {}, entry.detail)) : null);
    const asking = entry === this.waiting;
    return h("li", { class: `${entry.kind}${entry.blocks ? " blocks" : ""}`, "data-kind": entry.kind }, said, h("div", { class: "entry-acts" }, ...this.#acts(entry)), asking ? this.#reasons(entry) : null);
  }

  #acts(entry) {
    const { room } = this;
    const go = (label, then) => h("button", { type: "button", class: "small", onclick: () => (this.dialog.close(), then()) }, label);
    const stay = (label, result, key = null) => h("button", { type: "button", class: "small", onclick: () => this.#act(result()) }, label, key);
    const event = entry.event && room.ledger.content().events.find((e) => e.id === entry.event);
    const look = () => {
      room.tabs.show("events");
      if (event) room.choose(event);
    };
    switch (entry.kind) {
      case "pass":
        return [stay(`Finish ${PASSES[entry.pass].label}`, () => finish(entry.pass, true))];
      case "rating":
        return [go("Rate", () => this.#rate(entry))];
      case "clock":
        return [];
      case "open": {
        const now = room.media.now_ms;
        const ends = event && event.end_ms == null && now > event.start_ms;
        return [ends ? stay(`End at ${clock(now)}`, () => coding.end(event, now, room.payload.scheme, room.payload.windows)) : null, go("Look", look)].filter(Boolean);
      }
      case "uncoded":
        return entry.unit ? [go("Go to", () => this.#goTo(entry))] : [];
      case "contradiction":
        return entry.blocks || entry === this.again ? [] : [h("button", { type: "button", class: "small", onclick: () => ((this.again = entry), this.#draw(this.told)) }, "Another reason"), go("Change the rating", () => this.#rate(entry))];
      default:
        return [go("Look", look)];
    }
  }

  #reasons(entry) {
    const choice = (key, text, run) => h("button", { type: "button", class: "reason-key", dir: dirOf(text), "data-testid": `reason-${key}`, onclick: run }, keycap(String(key)), h("span", { dir: "auto" }, text));
    return h(
      "div",
      { class: "reasons", role: "group", "aria-label": "Why the rating stands" },
      ...reasonsOf(this.room.payload.scheme).map((reason, n) => choice(n + 1, reason, () => this.#act(reasonFor(entry, reason)))),
      choice(0, "Change the rating", () => (this.dialog.close(), this.#rate(entry))),
    );
  }

  #key(e) {
    if (!/^\d$/.test(e.key) || !this.waiting || e.ctrlKey || e.metaKey || e.altKey || e.repeat) return;
    this.body.querySelector(`[data-testid="reason-${e.key}"]`)?.click();
    e.preventDefault();
  }

  async #act(result) {
    if (this.acting || !result?.operations) return;
    this.acting = true;
    await this.room.act(result);
    await this.#refresh();
    this.acting = false;
  }

  #rate({ scale, segment = 0, person = "" }) {
    this.room.parts.find((part) => part.reveal)?.reveal({ scale, segment, person });
  }

  #goTo({ at_ms, unit }) {
    this.room.seek(at_ms);
    this.room.units?.select(unit);
  }

  async #submit() {
    this.button.disabled = true;
    const { submitted, missing, entries } = await this.room.sync.submit();
    if (submitted) {
      this.dialog.close();
      this.room.say("Submitted. Thank you.");
      return this.room.tellSubmitted();
    }
    this.answer.replaceChildren(...(missing ?? []).map((sentence) => h("p", {}, apart(sentence))));
    if (entries) await this.#refresh();
    else this.button.disabled = false;
  }
}
