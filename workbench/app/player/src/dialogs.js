/** Dialogs: how one opens, and what is missing before submission. */

import { h } from "./dom.js";
import { count } from "./format.js";

/** The checklist. `acts(entry)` gives a button for an entry, or null; `onSubmit` resolves to {missing}. */
export function showSubmit(root, { entries, events, state, acts, onSubmit }) {
  const blocking = entries().filter((e) => e.kind !== "unsure");
  const flagged = entries().filter((e) => e.kind === "unsure");
  const answer = h("div", { role: "alert", class: "answer" });
  const item = (entry) => h("li", { class: entry.kind }, h("span", {}, entry.sentence), acts(entry, () => dialog.close()));
  const submit = h("button", { type: "button", class: "primary", "data-testid": "submit-now", disabled: blocking.length > 0 }, "Submit");
  const dialog = openDialog(
    root,
    state === "draft" ? "Submit this coding" : "This coding is submitted",
    "submit-dialog",
    [
      blocking.length ? h("p", {}, `${count(blocking.length, "thing is", "things are")} missing:`) : h("p", { class: "complete" }, `Nothing is missing. ${count(events, "code")}.`),
      h("ul", { class: "checklist", "data-testid": "missing" }, ...blocking.map(item)),
      flagged.length ? h("p", {}, "You may submit with these; your supervisor sees the flag:") : null,
      flagged.length ? h("ul", { class: "checklist" }, ...flagged.map(item)) : null,
      answer,
    ],
    submit,
  );
  submit.addEventListener("click", async () => {
    submit.disabled = true;
    const { submitted, missing } = await onSubmit();
    if (submitted) return dialog.close();
    submit.disabled = false;
    answer.replaceChildren(...(missing ?? []).map((sentence) => h("p", {}, sentence)));
  });
}

/** Open a modal dialog in `root`: a title, its content, "Close", and perhaps the button that acts. */
export function openDialog(root, title, testid, content, action = null) {
  const close = h("button", { type: "button", class: "plain", "data-testid": "close-dialog", autofocus: !action, onclick: () => dialog.close() }, action ? "Not yet" : "Close");
  const dialog = h("dialog", { class: "dialog", "aria-label": title, "data-testid": testid }, h("h2", {}, title), h("div", { class: "dialog-body" }, ...content.filter(Boolean)), h("div", { class: "dialog-foot" }, close, action));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (e) => e.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (e) => e.stopPropagation()); // Streamlit takes single letters that reach the page
  root.append(dialog);
  dialog.showModal();
  return dialog;
}
