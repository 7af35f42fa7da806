/** Two dialogs: the keys, and what is missing before submission. */

import { h } from "./dom.js";
import { count, keyLabel } from "./format.js";

/** Show every key of this room. */
export function showKeys(root, rows, scheme) {
  const label = (keys) => keys.flatMap((key, i) => [i ? " or " : "", ...key.split(/\+(?=.)/).flatMap((part, j) => [j ? " + " : "", h("kbd", {}, keyLabel(part === "ctrl" ? "Ctrl" : part === "shift" ? "Shift" : part))])]);
  const table = (title, some) =>
    some.length
      ? h("div", { class: "key-group" }, h("h3", {}, title), h("dl", {}, ...some.flatMap((row) => [h("dt", {}, ...label(row.keys)), h("dd", {}, row.label)])))
      : null;
  const kind = (row) => scheme.codes.find((c) => c.id === row.code)?.kind;
  open(root, "Keys", "keys-dialog", [
    h(
      "div",
      { class: "key-groups" },
      h("div", {}, ...[table("Codes: a moment", rows.filter((r) => kind(r) === "point")), table("Codes: press to begin, again to end", rows.filter((r) => kind(r) === "state"))].filter(Boolean)),
      h("div", {}, table("The room", rows.filter((r) => r.act))),
    ),
  ]);
}

/** The checklist. `acts(entry)` gives a button for an entry, or null; `onSubmit` resolves to {missing}. */
export function showSubmit(root, { entries, events, state, acts, onSubmit }) {
  const blocking = entries().filter((e) => e.kind !== "unsure");
  const flagged = entries().filter((e) => e.kind === "unsure");
  const answer = h("div", { role: "alert", class: "answer" });
  const item = (entry) => h("li", { class: entry.kind }, h("span", {}, entry.sentence), acts(entry, () => dialog.close()));
  const submit = h("button", { type: "button", class: "primary", "data-testid": "submit-now", disabled: blocking.length > 0 }, "Submit");
  const dialog = open(
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

function open(root, title, testid, content, action = null) {
  const close = h("button", { type: "button", class: "plain", "data-testid": "close-dialog", autofocus: !action, onclick: () => dialog.close() }, action ? "Not yet" : "Close");
  const dialog = h("dialog", { class: "dialog", "aria-label": title, "data-testid": testid }, h("h2", {}, title), h("div", { class: "dialog-body" }, ...content.filter(Boolean)), h("div", { class: "dialog-foot" }, close, action));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (e) => e.target === dialog && dialog.close());
  root.append(dialog);
  dialog.showModal();
  return dialog;
}
