/** What speaks for a rating: codes and utterances are linked to it, named beside it, and played. */

import { codeOf } from "./coding.js";
import { clock } from "./format.js";
import { evidenceOf, placeFor, toggleLink } from "./rating-answers.js";
import { placeName } from "./rating-places.js";

const LEAD_MS = 1000;

export class Evidence {
  /** `onCollecting()`: codes are collected from now on, or no longer. */
  constructor(room, { onCollecting }) {
    const { scheme, segments = [], people = [] } = room.payload;
    Object.assign(this, { room, scheme, segments, people, onCollecting, collecting: false, lastChosen: null });
  }

  /** Link the chosen code, or take it away: to the place that it speaks for, else to the `active` one. */
  linkChosen(active) {
    const { room } = this;
    const event = room.ledger.content().events.find((e) => e.id === room.chosen);
    if (!event) return room.say("Choose a code first, then link it to a rating.");
    const code = codeOf(this.scheme, event.code);
    const place = placeFor(event, code, this.scheme, this.segments, active, this.people);
    if (!place) return room.say(`Choose the rating that “${code.label}” speaks for (Ratings), then link.`);
    this.link({ event: event.id }, place);
  }

  linkUtterance(active) {
    if (!active) return this.room.say("Choose the rating that the utterance speaks for (Ratings), then link.");
    const unit = this.#unitNow();
    if (!unit) return this.room.say("There is no utterance here to link.");
    this.link({ unit }, active);
  }

  /** Link {event} or {unit} to a place; what is linked already is taken away. */
  link(what, place) {
    if (!place || !this.room.editable("rate")) return;
    const { operations, linked } = toggleLink(this.room.ledger.content().evidence, place, what);
    const { label } = this.scheme.ratings.find((scale) => scale.id === place.scale);
    const where = placeName(place, this.segments, this.people);
    this.room.act({ operations, sentence: `${linked ? "Linked to" : "No longer evidence for"} “${label}”${where ? `, ${where}` : ""}.` });
  }

  /** From now on each code that is chosen in the list is linked; a second time: enough. */
  collect() {
    if (this.collecting) return this.stopCollecting();
    this.collecting = true;
    this.room.tabs.show("events");
    this.onCollecting();
  }

  stopCollecting() {
    if (!this.collecting) return;
    this.collecting = false;
    this.onCollecting();
  }

  /** The event of this id is the chosen one; while codes are collected it speaks for `place`. */
  chose(chosen, events, place) {
    const anew = chosen && chosen !== this.lastChosen;
    this.lastChosen = chosen;
    if (this.collecting && anew && events?.some((e) => e.id === chosen)) this.link({ event: chosen }, place);
  }

  /** What is linked to a place, in order of time: [{event, unit, ms, at, text, colour, kind}]. */
  named({ evidence, events }, place) {
    const links = evidenceOf(evidence, place);
    if (!links.length) return [];
    const wanted = new Set(links.map((e) => e.event));
    const found = new Map(events.filter((e) => wanted.has(e.id)).map((e) => [e.id, e]));
    return links
      .map((link) => (link.event ? this.#ofEvent(link, found.get(link.event)) : this.#ofUnit(link)))
      .filter(Boolean)
      .sort((a, b) => a.ms - b.ms);
  }

  play(chip, { events }) {
    const event = chip.event && events.find((e) => e.id === chip.event);
    if (event) this.room.mark(event);
    this.room.seek(Math.max(0, chip.ms - LEAD_MS));
    if (!this.room.media.live) this.room.media.play(); // a stopped session would go on
  }

  #ofEvent(link, event) {
    if (!event) return null; // deleted meanwhile; it comes back with its code
    const { label, colour, kind } = codeOf(this.scheme, event.code);
    return { ...link, ms: event.start_ms, at: clock(event.start_ms), text: label, colour, kind };
  }

  #ofUnit(link) {
    const unit = this.room.transcript.transcript?.utterances[Number(/^u(\d+)/.exec(link.unit)?.[1])]; // in which it begins
    return { ...link, ms: unit?.start_ms ?? 0, at: unit ? clock(unit.start_ms) : "", text: unit?.text ? `“${unit.text}”` : "An utterance", colour: "", kind: "" };
  }

  /** The coding unit that is selected or spoken; in a silence the utterance before it, at the very start the first. */
  #unitNow() {
    const { transcript, media, units } = this.room;
    const selected = units?.selected();
    if (selected) return selected.id;
    if (!transcript.index) return null;
    return `u${Math.max(0, transcript.index.at(media.now_ms).utterance)}`;
  }
}
