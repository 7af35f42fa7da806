/** The exercise "measure my lag" on the page: a bar lights up eight times, the rater presses a key. */

import { button, h } from "./dom.js";
import { LagExercise, TRIALS } from "./lag.js";

export class LagMeasure {
  /** `onUse(lag_ms)` takes the result; `onEnd()` closes. */
  constructor({ onUse, onEnd }) {
    Object.assign(this, { onUse, onEnd });
    this.word = h("span", { class: "lag-word" });
    this.bar = h("div", { class: "lag-bar", tabindex: 0, role: "group", "aria-label": "Measure my lag" }, this.word);
    this.dots = h("div", { class: "lag-dots", "aria-hidden": "true" });
    this.told = h("p", { role: "status", "data-testid": "lag-told" });
    this.foot = h("div", { class: "lag-foot" });
    this.element = h("div", { class: "lag-measure", "data-testid": "lag-measure" }, this.bar, this.dots, this.told, this.foot);
  }

  start() {
    this.stop();
    this.exercise = new LagExercise();
    this.told.textContent = "Press any letter or Space as soon as the bar lights up, eight times.";
    this.foot.replaceChildren(button({ class: "small", onclick: () => this.#end() }, "Stop"));
    this.#dots();
    this.bar.focus();
    this.#dark();
  }

  stop() {
    clearTimeout(this.timer);
    this.exercise = null;
  }

  /** A key of the dialog: true when it was a press of the exercise. */
  take(e) {
    if (!this.exercise || this.exercise.done || e.repeat || e.ctrlKey || e.metaKey || !(e.key.length === 1 || e.key === "Enter")) return false;
    e.preventDefault();
    e.stopImmediatePropagation();
    const { counts, sentence } = this.exercise.press(e.timeStamp);
    this.told.textContent = sentence;
    this.#dots();
    if (counts && this.exercise.done) this.#finish();
    else this.#dark();
    return true;
  }

  #dark() {
    clearTimeout(this.timer);
    this.#light(false);
    const wait = this.exercise.wait();
    this.timer = setTimeout(() => {
      // the light is seen at the frame after the one in which it is set
      requestAnimationFrame(() => {
        if (!this.exercise) return;
        this.#light(true);
        requestAnimationFrame((seen) => this.exercise?.lit(seen));
      });
    }, wait);
  }

  #light(on) {
    this.bar.classList.toggle("lit", on);
    this.word.textContent = on ? "Now" : "Wait";
  }

  #dots() {
    const { times } = this.exercise;
    this.dots.replaceChildren(...Array.from({ length: TRIALS }, (_, i) => h("span", { class: i < times.length ? "done" : "" })));
  }

  #finish() {
    clearTimeout(this.timer);
    const { lag_ms, low, high } = this.exercise.result();
    this.bar.classList.remove("lit");
    this.word.textContent = `${lag_ms} ms`;
    this.told.textContent = `Your lag is ${lag_ms} ms (from ${low} to ${high}). To understand what was said takes longer than to see a light: raise it if your codes come late.`;
    const use = h("button", { type: "button", class: "small", "data-testid": "use-lag", onclick: () => (this.onUse(lag_ms), this.#end()) }, `Use ${lag_ms} ms`);
    this.foot.replaceChildren(use, button({ class: "small", onclick: () => this.start() }, "Again"), button({ class: "small", onclick: () => this.#end() }, "Leave"));
    use.focus();
  }

  #end() {
    this.stop();
    this.onEnd();
  }
}
