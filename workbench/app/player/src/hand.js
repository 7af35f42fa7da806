/** The coding hand: from a key, held or tapped, to an operation. The rules are in `coding.js` and `editing.js`. */

import { presumed } from "./asking.js";
import * as coding from "./coding.js";
import { neighbour, nextUnsure, nudge, recode, retime } from "./editing.js";
import { clock, keyLabel } from "./format.js";

/** A state's key held down so long ends the state when it is let go. */
export const HELD_MS = 600;
const NUDGE_MS = 100;

export class Hand {
  static when = (payload) => payload.mode === "code";

  constructor(room) {
    this.room = room;
    room.hand = this;
    this.held = new Map(); // key → the state that it began: other codes may be pressed meanwhile
    const { signal } = room.stop;
    window.addEventListener("keyup", (e) => this.#release(e), { capture: true, signal });
    window.addEventListener("blur", () => this.#lost(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#lost(), { signal });
    const edge = (which, by) => () => this.chosen((event, now) => nudge(event, which, by, now.content, now.scheme, now.windows));
    const here = (field) => (e) => this.chosen((event, now) => retime(event, { [field]: room.media.at(e) }, now.content, now.scheme, now.windows));
    this.acts = {
      notObservable: (e) => this.press(coding.NOT_OBSERVABLE_CODE, e),
      previousEvent: () => this.#step(-1),
      nextEvent: () => this.#step(1),
      nextUnsure: () => this.#nextUnsure(),
      unsure: () => this.chosen((event) => coding.amend(event, event.unsure ? { unsure: false, second_choice: "", question: "" } : { unsure: true })),
      recode: () => this.#pick("Change", "Press the key of the code that it is.", (event, code, now) => recode(event, code, now.content, now.scheme)),
      secondChoice: () => this.#pick("Second choice for", "Press the key of the code that it could be.", (event, code) => this.#secondChoice(event, code)),
      startEarlier: edge("start", -NUDGE_MS),
      startLater: edge("start", NUDGE_MS),
      endEarlier: edge("end", -NUDGE_MS),
      endLater: edge("end", NUDGE_MS),
      startHere: here("start_ms"),
      endHere: here("end_ms"),
      delete: () => this.chosen((event, now) => coding.remove(event, now.scheme, this.room.keyName("undo"))),
    };
  }

  /** What rules decide on: everything that was pressed so far, drawn or not. */
  get now() {
    const { ledger, payload } = this.room;
    return { content: ledger.content(), scheme: payload.scheme, windows: payload.windows };
  }

  /** A code's key or button; `modifiers` where the key stands for an option as well. */
  press(code, e, modifiers = []) {
    const { room } = this;
    if (!room.editable("code")) return;
    if (room.palette.take(code)) return;
    const { content, scheme, windows } = this.now;
    const { at_ms, lag_ms } = this.#instant(e);
    const values = { modifiers, ...presumed(code, room.payload.people ?? []), lag_ms };
    let result;
    if (code.id === coding.NOT_OBSERVABLE) result = coding.notObservable(at_ms, content, scheme, windows, lag_ms);
    else if (coding.ofUnit(code, scheme)) result = this.#pressUnit(code, content, values);
    else result = coding.press(code, at_ms, content, scheme, windows, values);
    const drawn = this.#act(result);
    if (!result.refused) Promise.resolve(drawn).then(() => room.codes.flash(code.id)); // not before: a frame in between would hold the code up
    room.meaning.explainSoon(code);
    if (result.began && e?.type === "keydown" && room.preferences.hold) this.held.set(physical(e), { event: result.began, since: e.timeStamp, code });
    const made = result.operations.some((op) => op.kind === "add") && result.select;
    if (made) room.palette.ask(made, code.id === coding.NOT_OBSERVABLE); // its reason is the last one until another is given
    else room.palette.leave();
  }

  #pressUnit(code, content, values) {
    const { payload, units } = this.room;
    const unit = units?.selected() ?? null;
    // a code stays with its words when units are split and merged: ask which unit has them now
    const there = unit ? (event) => event.unit && units.of(event)?.id === unit.id : undefined;
    return coding.pressUnit(code, unit, content, payload.scheme, payload.windows, values, there);
  }

  /** Do something with the chosen event, or say that there is none. `then(event, now)` gives the act. */
  chosen(then) {
    const { room } = this;
    const { now } = this;
    const event = now.content.events.find((e) => e.id === room.chosen);
    if (!event) return void room.say(`No code is chosen${room.keyOf.has("previousEvent") ? `; ${keyLabel(room.keyOf.get("previousEvent"))} chooses the last one` : ""}.`);
    if (!room.editable()) return;
    const result = then(event, now);
    if (result) this.#act(result);
  }

  #act(result) {
    const { room } = this;
    if (result.operations.length) return room.act(result);
    room.say(result.sentence ?? "");
    if (result.select && result.select !== room.chosen) {
      room.chosen = result.select;
      room.draw();
    }
  }

  #instant(e) {
    const { media, payload, preferences } = this.room;
    return coding.instant(media.at(e), { lag_ms: preferences.lag_ms, speed: media.speed, playing: media.playing }, payload.windows);
  }

  #release(e) {
    const { room } = this;
    const held = this.held.get(physical(e));
    this.held.delete(physical(e));
    if (!held || e.timeStamp - held.since < HELD_MS || !room.editable()) return;
    const { content, scheme, windows } = this.now;
    const event = content.events.find((x) => x.id === held.event);
    if (!event || event.end_ms != null) return;
    const result = coding.end(event, this.#instant(e).at_ms, scheme, windows);
    if (!result.refused) room.act({ ...result, select: room.chosen });
    else if (room.media.playing) room.say(result.sentence);
  }

  /** The window lost the keyboard while keys were down: when they were let go nobody can know. */
  #lost() {
    const { content } = this.now;
    const open = [...this.held.values()].filter(({ event }) => content.events.some((e) => e.id === event && e.end_ms == null));
    this.held.clear();
    if (open.length) this.room.say(`${open.map(({ code }) => code.label).join(" and ")} stays open: the window lost the keyboard while the key was held. Press the key to end it.`);
  }

  #step(step) {
    const { room } = this;
    const events = room.ledger.drawn().events;
    const event = neighbour(events, room.chosen, step, room.media.now_ms);
    if (event) return room.choose(event);
    room.say(!events.length ? "Nothing is coded yet." : step > 0 ? "That is the last code." : "That is the first code.");
  }

  #nextUnsure() {
    const { room } = this;
    const event = nextUnsure(room.ledger.drawn().events, room.chosen, room.media.now_ms);
    if (!event) return room.say("No code is marked unsure.");
    room.tabs?.show("events");
    room.choose(event);
  }

  #pick(title, hint, decide) {
    this.chosen((event, { scheme }) => {
      const { label } = coding.codeOf(scheme, event.code);
      this.room.palette.pick(event.id, `${title} ${label} at ${clock(event.start_ms)}`, hint, (code) => this.chosen((e, now) => (e.id === event.id ? decide(e, code, now) : null)));
    });
  }

  #secondChoice(event, code) {
    if (code.id === event.code) return { operations: [], sentence: "A second choice is another code than the first." };
    return { ...coding.amend(event, { unsure: true, second_choice: code.id }), sentence: `Unsure; second choice ${code.label}.` };
  }
}

function physical(e) {
  return e.code || e.key;
}
