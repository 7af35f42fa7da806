/** How a dialog opens. */

import { h } from "./dom.js";

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
