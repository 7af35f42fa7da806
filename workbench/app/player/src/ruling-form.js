/** Writing a ruling at a moment: on which code, what was asked, what was decided, and the clip. */

import { openDialog } from "./dialogs.js";
import { h } from "./dom.js";
import { clockTenths } from "./format.js";
import { clipAround, momentOf } from "./ruling-texts.js";

const WORDS = ["question", "decision", "example"];

export class RulingForm {
  /** `onMade([ruling])`: the server has kept it. */
  constructor(room, onMade) {
    Object.assign(this, { room, onMade, left: null }); // `left`: words of a form that was closed before they were kept
  }

  open() {
    if (this.dialog?.open) return;
    const { room } = this;
    if (this.keep?.disabled) return room.say("The ruling before is still on its way."); // its answer closes the form
    room.media.playing && room.media.toggle();
    this.#build();
    const keep = h("button", { type: "button", class: "primary", "data-testid": "keep-ruling", onclick: () => this.#keep() }, "Keep the ruling");
    this.keep = keep;
    this.dialog = openDialog(room.root, "Make a ruling", "ruling-form", [this.body], keep);
    this.dialog.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) this.#keep();
    });
    this.dialog.addEventListener("close", () => (this.left = this.kept ? null : Object.fromEntries(WORDS.map((name) => [name, this.fields[name].value]))));
    this.fields.question.focus();
  }

  #build() {
    const { room, left } = this;
    const { scheme, rulings, media } = room.payload;
    this.kept = false;
    const event = room.shownEvents().find((e) => e.id === room.chosen);
    const loop = room.timeline.loop?.on ? room.timeline.loop.stretch : null;
    const option = (entry, rating) => h("option", { value: `${rating ? "rating" : "code"} ${entry.id}`, dir: "auto", selected: !rating && entry.id === event?.code }, entry.label);
    const group = (label, entries, rating) => (entries.length ? h("optgroup", { label }, ...entries.map((entry) => option(entry, rating))) : null);
    const fields = (this.fields = {
      on: h("select", { class: "field", "data-testid": "ruling-on" }, group("Codes", scheme.codes, false), group("Ratings", scheme.ratings, true)),
      decided_on: h("input", { type: "date", class: "field", value: rulings.today, max: rulings.today, "data-testid": "ruling-date" }),
      question: h("textarea", { class: "field", rows: 2, maxlength: 4000, dir: "auto", "data-testid": "ruling-question" }),
      decision: h("textarea", { class: "field", rows: 2, maxlength: 4000, dir: "auto", "data-testid": "ruling-decision" }),
      example: h("textarea", { class: "field", rows: 1, maxlength: 4000, dir: "auto", "data-testid": "ruling-example" }),
    });
    for (const name of WORDS) fields[name].value = left?.[name] ?? "";
    const row = (words, field, note) => h("label", { class: "ruling-field" }, h("span", {}, words), field, note ? h("span", { class: "quiet" }, note) : null);
    this.said = h("div", { class: "wrong", role: "alert", "data-testid": "ruling-said" });
    this.body = h(
      "div",
      { class: "ruling-form" },
      h("div", { class: "ruling-pair" }, row("On", fields.on), row("Decided on", fields.decided_on)),
      row("The question", fields.question),
      row("What was decided", fields.decision),
      row("An example in words", fields.example, "May be left out. No names; every rater reads it."),
      this.#clip(rulings.no_clip, clipAround({ loop, event, now_ms: room.media.now_ms, length_ms: media.duration_ms })),
      this.said,
    );
  }

  #clip(refused, { start_ms, end_ms }) {
    if (refused) {
      this.withClip = null;
      return h("p", { class: "quiet", "data-testid": "no-clip" }, `Without a clip. ${refused}`);
    }
    const field = (ms, label, testid) => h("input", { type: "text", class: "field time-field", value: clockTenths(ms), "aria-label": label, autocomplete: "off", "data-testid": testid });
    this.withClip = h("input", { type: "checkbox", checked: true, "data-testid": "with-clip" });
    this.withClip.checked = true;
    this.from = field(start_ms, "The clip begins at", "clip-from");
    this.to = field(end_ms, "The clip ends at", "clip-to");
    return h(
      "div",
      { class: "ruling-clip", role: "group", "aria-label": "Clip" },
      h("div", { class: "ruling-times" }, h("label", { class: "check" }, this.withClip, h("span", {}, "With the clip")), "from", this.from, "to", this.to),
      h("p", { class: "quiet" }, "It plays for those who may hear this recording. Who still codes this session reads the ruling without the clip, its place and the example."),
    );
  }

  /** What the form says, or null after saying what is wrong. */
  #wording() {
    const [kind, code] = this.fields.on.value.split(" ");
    const body = { code, rating: kind === "rating", decided_on: this.fields.decided_on.value, ...Object.fromEntries(WORDS.map((name) => [name, this.fields[name].value])) };
    const problems = [];
    if (!body.question.trim()) problems.push("The question is empty.");
    if (!body.decision.trim()) problems.push("The decision is empty.");
    if (!body.decided_on) problems.push("The date is missing.");
    if (this.withClip?.checked) {
      const [start_ms, end_ms] = [momentOf(this.from.value), momentOf(this.to.value)];
      if (start_ms == null || end_ms == null) problems.push("The clip’s times are written like 12:34.5.");
      else if (end_ms <= start_ms) problems.push("The clip ends before it begins.");
      Object.assign(body, { session: this.room.payload.rulings.session, start_ms, end_ms });
    }
    this.#say(problems);
    return problems.length ? null : body;
  }

  #say(problems) {
    if (problems.length && !this.dialog.open) this.room.say(`The ruling was not kept. ${problems.join(" ")}`);
    this.said.replaceChildren(...problems.map((problem) => h("p", {}, problem)));
  }

  async #keep() {
    if (this.keep.disabled) return;
    const body = this.#wording();
    if (!body) return;
    this.keep.disabled = true;
    try {
      const { rulings, csrf } = this.room.payload;
      const headers = { "content-type": "application/json", "x-wb-csrf": csrf };
      const response = await fetch(rulings.url, { method: "POST", credentials: "same-origin", headers, body: JSON.stringify(body) });
      const answer = await response.json().catch(() => ({}));
      if (response.ok) {
        this.kept = true;
        this.dialog.close();
        this.left = null; // also where it was closed on the way: its words are kept
        this.onMade(answer.rulings);
      } else this.#say(answer.problems?.length ? answer.problems : [answer.error ?? `The server answered ${response.status}.`]);
    } catch {
      this.#say(["The server does not answer. Your words stay here; try again in a moment."]);
    }
    this.keep.disabled = false;
  }
}
