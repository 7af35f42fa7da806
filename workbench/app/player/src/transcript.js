/** The transcript beside the sound: word by word, click to seek, following or scrolled freely. */

import { button, h, reveal } from "./dom.js";
import { clock } from "./format.js";
import { indexOf } from "./transcript-index.js";

export class TranscriptPane {
  constructor({ speakers, onSeek }) {
    Object.assign(this, { speakers, onSeek });
    this.list = h("ol", { class: "utterances" });
    this.box = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Transcript text", "data-testid": "transcript" }, this.list);
    this.followButton = button({ class: "small", "aria-pressed": "true", "data-testid": "follow", onclick: () => this.follow(!this.following) }, "Follow");
    this.element = h("section", { class: "panel transcript", "aria-label": "Transcript" }, h("div", { class: "panel-head" }, h("h3", {}, "Transcript"), this.followButton), this.box);
    this.following = true;
    this.current = { word: -1, utterance: -1 };
    const free = () => this.follow(false);
    this.box.addEventListener("wheel", free, { passive: true });
    this.box.addEventListener("touchmove", free, { passive: true });
    this.box.addEventListener("pointerdown", (e) => e.offsetX > this.box.clientWidth && free());
    this.list.addEventListener("click", (e) => this.#click(e));
  }

  /** Say why there is no text. */
  empty(sentence) {
    this.element.classList.add("without");
    this.box.replaceChildren(h("p", { class: "empty" }, sentence));
    this.followButton.hidden = true;
  }

  show(transcript) {
    this.transcript = transcript;
    this.index = indexOf(transcript);
    this.words = new Array(transcript.words.length);
    this.utterances = transcript.utterances.map((utterance) => this.#utterance(utterance));
    this.list.replaceChildren(...this.utterances);
  }

  /** Light up what is said at `ms`. */
  move(ms) {
    if (!this.index) return;
    const { word, utterance } = this.index.at(ms);
    if (word !== this.current.word) {
      this.words[this.current.word]?.classList.remove("now");
      this.words[word]?.classList.add("now");
    }
    if (utterance !== this.current.utterance) {
      const before = this.utterances[this.current.utterance];
      before?.classList.remove("now");
      before?.removeAttribute("aria-current");
      const now = this.utterances[utterance];
      now?.classList.add("now");
      now?.setAttribute("aria-current", "true");
      if (now && this.following) reveal(this.box, now);
    }
    this.current = { word, utterance };
  }

  follow(on) {
    if (on === this.following) return;
    this.following = on;
    this.followButton.setAttribute("aria-pressed", String(on));
    const now = this.utterances?.[this.current.utterance];
    if (on && now) reveal(this.box, now);
  }

  /** Start of the utterance `step` away from the one at `ms`; 0 is the present one. Null without text. */
  startOf(step, ms) {
    if (!this.index) return null;
    const place = Math.max(0, this.index.at(ms).utterance) + step;
    return this.transcript.utterances[Math.min(this.transcript.utterances.length - 1, Math.max(0, place))]?.start_ms ?? null;
  }

  #utterance(utterance) {
    const who = this.#who(utterance.speaker);
    const text = h("span", { class: "said" });
    for (let i = utterance.first_word; i < utterance.end_word; i++) {
      this.words[i] = h("span", { class: "word" }, this.transcript.words[i].text.trim());
      this.words[i].dataset.ms = this.transcript.words[i].start_ms;
      text.append(this.words[i], " ");
    }
    if (utterance.first_word === utterance.end_word) text.append(utterance.text);
    const row = h("li", { class: `utterance ${who.role}` }, h("span", { class: "when" }, clock(utterance.start_ms)), h("span", { class: "who" }, who.label), text);
    row.dataset.ms = utterance.start_ms;
    return row;
  }

  #who(speaker) {
    if (speaker == null) return { label: "?", role: "unknown" };
    const mapped = this.speakers[speaker];
    const role = ["provider", "patient"].includes(mapped?.role) ? mapped.role : "unknown";
    return { label: mapped?.label || speaker, role };
  }

  #click(e) {
    if (!getSelection().isCollapsed) return; // a selection is no click
    const ms = e.target.dataset.ms ?? e.target.closest("[data-ms]")?.dataset.ms;
    if (ms != null) this.onSeek(Number(ms));
  }
}
