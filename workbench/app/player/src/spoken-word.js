/** Marks the words that are said now, behind their letters.
 *
 * Boxes and no `CSS.highlights`: while a highlight stands the browser checks it, and paints its stretch of rows anew,
 * whenever anything on the page changes. While it plays that is each frame, and it was half of the work of a frame.
 */

import { h } from "./dom.js";

export class SpokenWord {
  #marks = []; // {said, boxes}
  #words = []; // [{said, range}]

  constructor(list) {
    new ResizeObserver(() => this.#place()).observe(list);
  }

  /** Mark these [{said, range}]: a range of text, and the element that holds the text and nothing before it. */
  show(words) {
    this.#words = words;
    this.#place();
  }

  #place() {
    // all is measured before anything is changed: one layout, and none where the page is as it was drawn
    const marks = this.#words.map(({ said, range }) => {
      const home = said.getBoundingClientRect();
      const live = document.createRange();
      live.setStart(range.startContainer, range.startOffset);
      live.setEnd(range.endContainer, range.endOffset);
      const places = [...live.getClientRects()].map(({ left, top, width, height }) => ({ left: `${left - home.left}px`, top: `${top - home.top}px`, width: `${width}px`, height: `${height}px` }));
      return { said, places };
    });
    for (const { said, boxes } of this.#marks) {
      for (const box of boxes) box.remove();
      said.classList.remove("speaking");
    }
    this.#marks = marks.map(({ said, places }) => {
      const boxes = places.map((style) => h("span", { class: "spoken", "aria-hidden": "true", "data-testid": "spoken", style }));
      said.classList.add("speaking");
      said.append(...boxes);
      return { said, boxes };
    });
  }
}
