/** The ratings: of the session, of segments and of persons, rated by keys or mouse, with their evidence. */

import { Evidence } from "./evidence.js";
import { PersonChooser } from "./person-chooser.js";
import { RatingCard } from "./rating-card.js";
import { answersOf, rate } from "./rating-answers.js";
import { RatingKeys } from "./rating-keys.js";
import { missingIn, personName, placeKey, progress, samePlace, segmentAt } from "./rating-places.js";
import { RatingReminder } from "./rating-reminder.js";
import { RatingTallies } from "./rating-tallies.js";
import { ratingsBody } from "./ratings-body.js";
import { SegmentChooser } from "./segment-chooser.js";
import { Whereabouts } from "./whereabouts.js";

export class Ratings {
  static when = (payload) => payload.mode === "code";

  constructor(room) {
    const { scheme, segments = [], windows, people = [] } = room.payload;
    room.ratings = this;
    Object.assign(this, { room, scheme, segments, people, active: null, at: null, content: null });
    this.where = new Whereabouts({ scheme, segments, people });
    this.tallies = new RatingTallies({ scheme, segments, windows, people, open: () => this.#seen() });
    this.answers = new Map();
    this.acts = {
      rate: () => this.enter(),
      link: () => this.evidence.linkChosen(this.active),
      linkUtterance: () => this.evidence.linkUtterance(this.active),
    };
    this.evidence = new Evidence(room, { onCollecting: () => this.#drawDue() });
    this.keys = new RatingKeys({
      now: () => this.#atHand(),
      say: (sentence) => room.say(sentence),
      play: () => room.acts.play(),
      leave: () => this.#leave(),
      stepOn: (step) => this.#stepOn(step),
      stepScale: (step) => this.#stepScale(step),
      hold: (value) => this.#hold(value),
      rate: (answer) => this.#rate(this.active, answer),
    });
    this.chooser = new SegmentChooser({ scheme, segments, onChoose: (segment) => this.#choose({ segment }), onFollow: (on) => this.#setFollowing(on) });
    this.persons = new PersonChooser({ people: this.where.people, onChoose: (person) => this.#choose({ person }) });
    this.reminder = new RatingReminder({
      onRate: () => this.enter(),
      onLater: () => ((this.where.due = 0), this.#draw()),
      onCollected: () => (this.evidence.stopCollecting(), room.tabs.show("ratings")),
    });
    this.cards = scheme.ratings.map((scale) => this.#card(scale));
    this.#build();
  }

  // ---- what the room tells ------------------------------------------------------------------

  ready() {
    this.#follow(this.room.media.now_ms);
    this.#draw();
  }

  update({ content, editable, chosen }) {
    this.evidence.chose(chosen, this.content?.events, this.active);
    const known = this.content;
    if (known && known.ratings === content.ratings && known.evidence === content.evidence && known.events === content.events && this.editable === editable) return;
    if (known?.ratings !== content.ratings) this.answers = answersOf(content.ratings);
    Object.assign(this, { content, editable });
    this.#draw();
    if (known?.events !== content.events) this.tallies.soon();
  }

  rekeyed() {
    for (const card of this.cards) card.rekey(this.room.keyOf);
    this.#drawDue();
  }

  /** Put below each definition what `of(scale, open)` says; `open`: what folds there was unfolded before. */
  tell(of) {
    for (const card of this.cards) card.said.replaceChildren(...of(card.scale, card.said.firstChild?.open ?? false));
  }

  move(ms) {
    const passed = this.where.passed(ms, this.room.media.playing, this.answers);
    if (passed) {
      if (this.where.following && !this.inside() && !this.evidence.collecting) this.#show({ segment: passed });
      this.#draw();
    } else if (this.where.following) this.#follow(ms);
  }

  key(e, name) {
    if (!this.inside(e.composedPath()[0]) || !this.keys.press(name)) return false;
    e.preventDefault();
    e.stopImmediatePropagation();
    return true;
  }

  // ---- choosing a rating --------------------------------------------------------------------

  /** The keyboard goes to the ratings: to what is due, else to what was rated last or is missing. */
  enter(place = null) {
    if (!this.cards.length) return this.room.say("This scheme asks for no ratings.");
    if (!this.room.editable("rate")) return;
    this.room.tabs.show("ratings");
    const { due } = this.where;
    const late = !place && due && missingIn(due, this.scheme, this.answers)[0];
    if (late) this.#show({ segment: due });
    const stays = this.active && !this.where.isDone(this.active, this.answers);
    this.#open(place ?? (late ? this.where.placeOf(late) : stays ? this.active : this.#firstMissing()), { focus: true });
  }

  /** Open the rating of an entry of the checklist. */
  reveal(place) {
    if (!this.where.has(place)) this.#choose(place);
    this.enter(place);
  }

  /** Whether the keyboard is in the ratings. */
  inside(node = this.room.root.getRootNode().activeElement) {
    return node instanceof Node && this.body.contains(node);
  }

  #atHand() {
    const scale = this.#cardOf(this.active?.scale)?.scale;
    return { scale, answer: scale && this.#answer(this.active), at: this.at };
  }

  /** An arrow took this value to hand, without rating; a field of its own moves by itself. */
  #hold(value) {
    const card = this.#cardOf(this.active.scale);
    if (card.number) return false;
    this.at = value;
    this.#draw();
    card.focus(value);
    return true;
  }

  #leave() {
    const focused = this.room.root.getRootNode().activeElement;
    focused?.blur?.();
    this.at = null;
    if (this.where.following) this.#follow(this.room.media.now_ms);
    this.#draw();
  }

  #open(place, { focus = false } = {}) {
    if (!place) return;
    if (!samePlace(this.active, place)) this.evidence.stopCollecting();
    if (!this.where.has(place)) this.#show(place);
    this.active = place;
    this.keys.begin();
    const card = this.#cardOf(place.scale);
    this.at = this.#answer(place) ?? card.scale.start;
    this.#draw();
    this.tallies.soon();
    if (focus) card.focus(this.at);
  }

  #stepScale(step) {
    const shown = this.cards.filter((c) => this.where.placeOf(c.scale));
    const place = shown.findIndex((c) => c.scale.id === this.active.scale) + step;
    if (place >= 0 && place < shown.length) this.#open(this.where.placeOf(shown[place].scale), { focus: true });
  }

  #firstMissing() {
    return this.where.firstMissing((place) => !this.answers.has(placeKey(place)), this.active);
  }

  #cardOf = (id) => this.cards.find((card) => card.scale.id === id);

  #answer = (place) => this.answers.get(placeKey(place)) ?? null;

  #rate(place, answer) {
    if (!this.room.editable("rate")) return this.#redraw();
    if (answer !== this.#answer(place)) this.room.act(rate(place, answer));
    this.at = answer;
    if (this.inside()) this.#cardOf(place.scale).focus(answer);
  }

  // ---- segments and persons -----------------------------------------------------------------

  #follow(ms) {
    if (this.inside() || this.evidence.collecting) return;
    const segment = this.where.ahead(ms, this.answers);
    if (!segment) return;
    this.#show({ segment });
    this.#draw();
  }

  #show({ segment, person }) {
    if (segment) this.where.segment = segment;
    if (person) this.where.person = person;
    if (this.active && !this.where.has(this.active)) this.active = null;
    this.at = null;
    this.tallies.soon();
  }

  /** By hand: the panel stays with this segment, or this person. */
  #choose({ segment, person }) {
    if (segment) this.where.following = false;
    if ((segment && segment !== this.where.segment) || (person && person !== this.where.person)) this.#show({ segment, person });
    this.#draw();
  }

  #stepOn(step) {
    const scale = this.#cardOf(this.active?.scale)?.scale;
    const next = this.where.next(scale, step);
    if (!next) return;
    this.#choose(next);
    const moves = (c) => (next.person ? c.scale.people?.length : c.scale.each_segment) && this.where.placeOf(c.scale);
    const card = this.cards.find((c) => c.scale === scale && moves(c)) ?? this.cards.find(moves);
    if (this.inside() && card) this.#open(this.where.placeOf(card.scale), { focus: true });
  }

  // ---- the page -----------------------------------------------------------------------------

  #card(scale) {
    const place = () => this.where.placeOf(scale);
    return new RatingCard({
      scale,
      name: `${this.room.payload.coding}-${scale.id}`,
      keyOf: this.room.keyOf,
      does: {
        rate: (answer) => (this.#open(place()), this.#rate(place(), answer)),
        open: () => !samePlace(this.active, place()) && this.#open(place()),
        play: (chip) => this.evidence.play(chip, this.content),
        unlink: ({ event, unit }) => this.evidence.link(event ? { event } : { unit }, place()),
        linkEvent: () => this.acts.link(),
        linkUnit: () => this.acts.linkUtterance(),
        collect: () => this.evidence.collect(),
      },
    });
  }

  #build() {
    const chosen = (chooser, some) => (some ? chooser.element : null);
    this.body = ratingsBody({ cards: this.cards, segments: chosen(this.chooser, this.segments.length), persons: chosen(this.persons, this.where.people.length), unrated: this.scheme.unrated ?? [] });
    this.body.addEventListener("focusin", (e) => this.#arrived(e.target));
    this.keys.attend(this.body);
    const panel = this.room.tabs.panel("ratings");
    panel.append(this.body);
    panel.addEventListener("shown", () => this.#shown());
    this.room.tabs.list.after(this.reminder.element);
  }

  /** The keyboard came to a value by Tab: that scale is the active one, and that value at hand. */
  #arrived(target) {
    this.room.palette?.leave(); // digits rate now
    const card = this.cards.find((c) => c.element.contains(target));
    if (!card) return;
    const place = this.where.placeOf(card.scale);
    if (!samePlace(this.active, place)) this.#open(place);
    const value = card.valueOf(target);
    if (value == null || value === this.at || target.checked) return;
    this.at = value;
    this.#draw();
  }

  #shown() {
    if (!this.active && this.cards.length) this.#open(this.#firstMissing());
    this.tallies.soon();
  }

  #setFollowing(on) {
    this.where.following = on;
    if (on) {
      const segment = segmentAt(this.segments, this.room.media.now_ms);
      if (segment && segment !== this.where.segment) this.#show({ segment });
    }
    this.#draw();
  }

  #redraw() {
    for (const card of this.cards) card.drawn = "";
    this.#draw();
  }

  #draw() {
    if (!this.content) return;
    for (const card of this.cards) {
      const place = this.where.placeOf(card.scale);
      card.element.hidden = !place;
      if (!place) continue;
      const open = samePlace(this.active, place);
      card.update({ of: place.person ? personName(this.people, place.person) : "", answer: this.#answer(place), at: open ? this.at : null, editable: this.editable, open, chips: this.evidence.named(this.content, place), startKey: "enter" });
    }
    this.chooser.draw({ ...this.where, answers: this.answers });
    this.persons.draw(this.where.person, (person) => this.where.rated(person, this.answers));
    this.#drawDue();
    const { asked, done } = progress(this.scheme, this.segments, this.answers);
    this.room.tabs.label("ratings", asked ? `Ratings ${done}/${asked}` : "Ratings");
  }

  #drawDue() {
    const left = this.where.left(this.answers);
    const collecting = this.evidence.collecting && this.active ? this.#cardOf(this.active.scale).scale.label : null;
    this.reminder.draw({ due: this.where.due, left, collecting, key: this.room.keyOf.get("rate") });
  }

  /** The open rating, to count beside it; null while none is on the screen. */
  #seen() {
    if (!this.active || !this.content || this.room.tabs.panel("ratings").hidden) return null;
    return { card: this.#cardOf(this.active.scale), place: this.active, events: this.content.events, now_ms: this.room.media.now_ms };
  }

  destroy() {
    this.tallies.destroy();
    this.keys.destroy();
  }
}
