/** The transcript beside the sound: word by word, click to seek, following or scrolled freely.
 *
 * Every row is in the page, so that text can be selected, read aloud and found by the browser; stretches
 * of rows out of sight cost nothing (`content-visibility`), and have about their height, so that nothing
 * jumps. On each row alone it halved the frames of scrolling through 2,500 utterances. A row's text is one text node:
 * what is said now lies behind it (`spoken-word.js`), what a search found is painted over it (`CSS.highlights`).
 */

import { directionOf } from "./direction.js";
import { arrange, button, h } from "./dom.js";
import { clock } from "./format.js";
import { SpokenWord } from "./spoken-word.js";
import { indexOf } from "./transcript-index.js";
import { heightOf, rowsOf } from "./transcript-rows.js";
import { unitsOf } from "./units.js";

const LETTER_PX = 6.9;
const STRETCH = 40; // utterances
const MOVED_PX = 5; // further than this, a press was the beginning of a selection

export class TranscriptPane {
  /** `version` of the transcript, or null; `speakers` {diarized: {label, role}}; `onSeek(ms)`. */
  constructor({ speakers, version, onSeek }) {
    Object.assign(this, { speakers, onSeek });
    this.list = h("div", { class: "utterances", role: "list" });
    this.stretches = [];
    this.box = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Transcript text", "data-testid": "transcript" }, this.list);
    this.backButton = button({ class: "small back", hidden: true, "data-testid": "follow", onclick: () => this.follow(true) }, h("span", { class: "arrow", "aria-hidden": "true" }, "↓"), "Back to the sound");
    this.head = h("div", { class: "panel-head" }, h("h3", {}, "Transcript"), version ? h("span", { class: "version", title: "Everybody who codes this session on this scheme reads this version." }, `version ${version}`) : null);
    this.foot = h("div", { class: "transcript-foot" }, this.backButton);
    this.element = h("section", { class: "panel transcript", "aria-label": "Transcript" }, this.head, this.box, this.foot);
    this.following = true;
    this.rows = [];
    this.shown = new Map(); // row id → {row, element, text, extra}
    this.now = { word: -1, row: null, all: "" };
    this.tellsNow = true; // whether aria-current says what is heard
    this.spoken = new SpokenWord(this.list);
    this.#listen();
  }

  /** Say why there is no text. */
  empty(sentence) {
    this.element.classList.add("without");
    this.box.replaceChildren(h("p", { class: "empty" }, sentence));
  }

  show(transcript) {
    this.transcript = transcript;
    this.index = indexOf(transcript);
    this.list.dir = directionOf(transcript.utterances.map((u) => u.text));
    this.list.lang = transcript.language || "";
    this.setUnits(unitsOf(transcript));
  }

  /** List the pieces of these units. Rows that stay the same stay as they are. */
  setUnits(units) {
    const columns = Math.max(20, (this.box.clientWidth || 420) - 140) / LETTER_PX;
    this.rows = rowsOf(this.transcript, units);
    const before = this.shown;
    this.shown = new Map();
    this.rowOfWord = new Array(this.transcript.words.length);
    this.rowsOfUtterance = this.transcript.utterances.map(() => []);
    for (const row of this.rows) {
      const old = before.get(row.id);
      const same = old && old.row.text === row.text && old.row.joined === row.joined && old.row.overlaps === row.overlaps;
      this.shown.set(row.id, same ? Object.assign(old, { row }) : this.#draw(row, columns));
      if (!row.piece) continue;
      for (let i = row.piece.first_word; i < row.piece.end_word; i++) this.rowOfWord[i] = row;
      this.rowsOfUtterance[row.piece.utterance].push(row);
    }
    this.#place();
    this.now = { word: -1, row: null, all: "" };
    this.moved = null;
    this.onRows?.();
  }

  /** Light up what is said at `ms`. */
  move(ms) {
    if (!this.index) return;
    this.at = ms;
    const { word, utterance } = this.index.at(ms);
    const row = this.#rowOf({ word, utterance }, ms);
    if (word !== this.now.word) {
      const words = word >= 0 ? this.index.wordsAt(ms) : [];
      const all = words.join();
      if (all !== this.now.all) this.spoken.show(words.map((each) => this.#spot(each)).filter(Boolean));
      this.now.all = all;
      this.now.word = word;
    }
    if (row === this.now.row) return;
    this.#light(this.now.row, false);
    this.#light(row, true);
    this.now.row = row;
    if (row && this.following) this.reveal(row.id);
    else this.#turnBack();
  }

  /** Follow the sound, or stay where the reader scrolled to. */
  follow(on) {
    const heard = on && this.#heard();
    if (heard) this.reveal(heard.id);
    if (on === this.following) return;
    this.following = on;
    this.backButton.hidden = on || !this.index;
    this.#turnBack();
  }

  /** Start of the utterance `step` away from the one at `ms`; 0 is the present one. Null without text. */
  startOf(step, ms) {
    if (!this.index) return null;
    const place = Math.max(0, this.index.at(ms).utterance) + step;
    return this.transcript.utterances[Math.min(this.transcript.utterances.length - 1, Math.max(0, place))]?.start_ms ?? null;
  }

  /** The row that is heard at `ms`, or the last one before. */
  rowAt(ms) {
    return this.#rowOf(this.index.at(ms), ms) ?? this.rows.find((r) => r.piece) ?? null;
  }

  /** Bring a row into view; one that can be read well already stays where it is. */
  reveal(id) {
    const element = this.shown.get(id)?.element;
    if (!element?.isConnected) return;
    const height = this.box.clientHeight;
    const placeOf = () => element.getBoundingClientRect().top - this.box.getBoundingClientRect().top;
    const top = placeOf();
    if (top >= height * 0.06 && top + Math.min(element.offsetHeight, height * 0.4) <= height * 0.78) return;
    const wanted = height * 0.3;
    const smooth = Math.abs(top - wanted) < height && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.box.scrollTo({ top: this.box.scrollTop + top - wanted, behavior: smooth ? "smooth" : "instant" });
    if (smooth) return;
    // rows that come into sight take their true heights: hold the place until they have them
    let tries = 3;
    const hold = () => {
      const off = placeOf() - wanted;
      if (Math.abs(off) > 1) this.box.scrollTop += off;
      if (--tries) requestAnimationFrame(hold);
    };
    requestAnimationFrame(hold);
  }

  /** What stands behind the text of a row, such as its codes. */
  extra(id, elements) {
    const shown = this.shown.get(id);
    if (shown) arrange(shown.extra, elements);
  }

  #spot(word) {
    const range = this.rangeOfWord(word);
    return range && { range, said: range.startContainer.parentElement };
  }

  /** The range of a word in the page, or null where its row is not. */
  rangeOfWord(word) {
    const row = this.rowOfWord[word];
    if (!row) return null;
    const from = row.starts[word - row.first_word];
    return this.rangeOf(row.id, from, from + this.transcript.words[word].text.trim().length);
  }

  rangeOf(id, from, to) {
    const node = this.shown.get(id)?.text;
    if (!node) return null;
    return new StaticRange({ startContainer: node, startOffset: Math.min(from, node.length), endContainer: node, endOffset: Math.min(to, node.length) });
  }

  whoIs(speaker) {
    if (speaker == null) return { label: "?", role: "unknown" };
    const mapped = this.speakers[speaker];
    const role = ["provider", "patient"].includes(mapped?.role) ? mapped.role : "unknown";
    return { label: mapped?.label || speaker, role };
  }

  #draw(row, columns) {
    const who = this.whoIs(row.speaker);
    const text = document.createTextNode(row.kind === "said" ? row.text : "");
    const extra = h("span", { class: "extra" });
    const said = row.kind === "said" ? h("span", { class: "said", dir: "auto" }, text, extra) : h("span", { class: "said" }, `heard, nothing written (${((row.end_ms - row.start_ms) / 1000).toFixed(1)} s)`, extra);
    const told = row.joined ? "goes with what this speaker said before" : row.overlaps ? "while somebody else speaks" : "";
    const height = heightOf(row, columns);
    const element = h(
      "div",
      { role: "listitem", class: `utterance ${who.role} ${row.kind}${row.overlaps ? " overlaps" : ""}${row.joined ? " joined" : ""}`, "data-row": row.id, title: told || null },
      h("span", { class: "when" }, clock(row.start_ms)),
      h("span", { class: "who", dir: "auto" }, row.joined ? h("span", { class: "beside", "aria-hidden": "true" }, "⤷") : null, who.label, told ? h("span", { class: "vh" }, ` (${told})`) : null),
      said,
    );
    return { row, element, text, extra, height };
  }

  /** Put the rows into the list, touching only stretches that have others than before. */
  #place() {
    const wanted = [];
    let here = 0;
    for (const { row, element, height } of this.shown.values()) {
      if (row.piece) here = Math.floor(row.piece.utterance / STRETCH);
      const stretch = (wanted[here] ??= { elements: [], height: 0 });
      stretch.elements.push(element);
      stretch.height += height;
    }
    wanted.forEach(({ elements, height }, n) => {
      const stretch = (this.stretches[n] ??= this.list.appendChild(h("div", { class: "stretch" })));
      if (elements.length === stretch.children.length && elements.every((element, i) => element === stretch.children[i])) return;
      stretch.style.setProperty("--height", `${height}px`);
      stretch.replaceChildren(...elements);
    });
  }

  #rowOf({ word, utterance }, ms) {
    return (word >= 0 ? this.rowOfWord[word] : null) ?? this.rowsOfUtterance[utterance]?.findLast((r) => r.start_ms <= ms) ?? null;
  }

  #heard() {
    return this.now.row ?? (this.index ? this.rowAt(this.at ?? 0) : null);
  }

  #light(row, on) {
    const element = row && this.shown.get(row.id)?.element;
    if (!element) return;
    element.classList.toggle("now", on);
    if (this.tellsNow && on) element.setAttribute("aria-current", "true");
    else if (this.tellsNow) element.removeAttribute("aria-current");
  }

  /** Which way the sound is from here. */
  #turnBack() {
    const element = !this.following && this.shown.get(this.#heard()?.id)?.element;
    if (!element) return;
    const above = element.getBoundingClientRect().top < this.box.getBoundingClientRect().top + this.box.clientHeight / 2;
    this.backButton.firstChild.textContent = above ? "↑" : "↓";
  }

  #listen() {
    const free = () => this.follow(false);
    this.box.addEventListener("wheel", free, { passive: true });
    this.box.addEventListener("touchmove", free, { passive: true });
    this.box.addEventListener("pointerdown", (e) => {
      this.pressed = { x: e.clientX, y: e.clientY };
      if (e.target === this.box && e.offsetX > this.box.clientWidth) free();
    });
    this.box.addEventListener("pointermove", (e) => e.buttons === 1 && this.#movedFar(e) && free(), { passive: true });
    this.list.addEventListener("click", (e) => this.#click(e));
  }

  #movedFar(e) {
    return this.pressed && Math.hypot(e.clientX - this.pressed.x, e.clientY - this.pressed.y) > MOVED_PX;
  }

  #click(e) {
    const element = e.target.closest?.("[data-row]");
    if (!element || e.target.closest("button") || e.detail > 1 || this.#movedFar(e)) return; // a selection is no click
    const { row } = this.shown.get(element.dataset.row);
    const word = row.piece ? this.wordAtPoint(row, e.clientX, e.clientY) : null;
    if (this.onPick?.(row, word, e)) return;
    this.onSeek(word == null ? row.start_ms : this.transcript.words[word].start_ms);
  }

  /** The word of a row under a point of the screen, or null. */
  wordAtPoint(row, x, y) {
    const range = document.createRange();
    for (let n = 0; n < row.starts.length; n++) {
      const { startContainer, startOffset, endOffset } = this.rangeOfWord(row.first_word + n);
      range.setStart(startContainer, startOffset);
      range.setEnd(startContainer, endOffset);
      for (const box of range.getClientRects()) if (x >= box.left - 1 && x <= box.right + 3 && y >= box.top && y <= box.bottom) return row.first_word + n;
    }
    return null;
  }
}

/** Paints over ranges of text without touching the page; does nothing where the browser cannot. */
export function paintOver(name) {
  const registry = globalThis.CSS?.highlights;
  if (!registry) return { paint() {} };
  return {
    paint(ranges) {
      const some = ranges.filter(Boolean);
      if (some.length) registry.set(name, new Highlight(...some));
      else registry.delete(name);
    },
  };
}
