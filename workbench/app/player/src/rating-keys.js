/** What a key means while the keyboard is in the ratings: a value, no evidence, the next scale, segment or person. */

import { NONE, stepped, typing } from "./rating-answers.js";

const TYPING_MS = 900;

export class RatingKeys {
  /** `now()` = {scale, answer, at}: `scale` is rated now (undefined: none), `answer` stands and `at` is at hand.
   * `does` = {say(sentence), leave(), stepOn(step), stepScale(step), hold(value), rate(answer), play()}. */
  constructor({ now, ...does }) {
    Object.assign(this, { now, does, typed: "" });
  }

  /** In `body`, take the keys that by custom belong to a radio button: arrows choose without rating here, and Space plays. */
  attend(body) {
    body.addEventListener("keydown", (e) => {
      if (!e.target.matches?.("input[type=radio]") || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
      if (!this.press(e.key.toLowerCase())) return;
      e.preventDefault();
      e.stopPropagation();
    });
  }

  /** Whether `name` means something. */
  press(name) {
    const { does } = this;
    const { scale, answer, at } = this.now();
    if (name === "escape") return does.leave(), true;
    if (name === "pageup" || name === "pagedown") return does.stepOn(name === "pagedown" ? 1 : -1), true;
    if (!scale) return false;
    if (name === " ") return does.play(), true;
    if (name === "arrowup" || name === "arrowdown") return does.stepScale(name === "arrowdown" ? 1 : -1), true;
    if (name === "arrowleft" || name === "arrowright") return does.hold(stepped(scale, at ?? answer, name === "arrowright" ? 1 : -1));
    if (name === "enter") return this.#take(scale, at), true;
    if (name === "/") return scale.no_evidence ? does.rate(NONE) : does.say(`“${scale.label}” has to be rated; “no evidence” is not one of its answers.`), true;
    if (name === "delete" || name === "backspace") return answer != null && does.rate(null), true;
    if (/^[\d−-]$/.test(name)) return this.#type(scale, name), true;
    return false;
  }

  /** Another rating begins: digits that were typed belong to the one before. */
  begin() {
    this.typed = "";
  }

  destroy() {
    clearTimeout(this.forget);
  }

  #type(scale, key) {
    clearTimeout(this.forget);
    this.forget = setTimeout(() => this.begin(), TYPING_MS);
    const { value, typed } = typing(scale, this.typed, key);
    this.typed = typed;
    if (value != null) this.does.rate(value);
    else if (!typed.startsWith("-") && scale.high < 10) this.does.say(`“${scale.label}” goes from ${scale.low} to ${scale.high}.`);
  }

  #take(scale, at) {
    const value = at ?? scale.start;
    if (value == null) return this.does.say(`Press a digit from ${scale.low} to ${scale.high}, or an arrow and Enter.`);
    this.does.rate(value);
  }
}
