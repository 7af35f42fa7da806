/** How much of the observation window has been played: kept for one coding in this browser's store, so that a second is not
 * lost, and on the server, so that it follows the rater to another computer. */

const LONGEST_STEP_MS = 3000;
const NEAR_MS = 250;
const MOST_NEWS = 200; // spans of one report; the rest goes with the next

export class Heard {
  /** `spans`: [[start, end], …] that were heard before. */
  constructor(spans = []) {
    this.spans = joined(spans.filter((s) => Array.isArray(s) && s.length === 2 && s.every(Number.isFinite)));
  }

  /** The sound went on from one moment to another; a jump or a step back is not listening. */
  mark(from_ms, to_ms) {
    if (to_ms <= from_ms || to_ms - from_ms > LONGEST_STEP_MS) return;
    const last = this.spans.find(([start, end]) => start <= from_ms && from_ms <= end + NEAR_MS);
    if (last && to_ms <= last[1]) return;
    this.spans = joined([...this.spans, [from_ms, to_ms]]);
  }

  /** The spans in whole milliseconds. */
  whole() {
    return this.spans.map(([start, end]) => [Math.round(start), Math.round(end)]);
  }

  /** Others that were heard as well. */
  add(spans) {
    this.spans = joined([...this.spans, ...spans]);
  }

  /** What was heard that `told` does not hold, in whole milliseconds: the first `most` spans of it. */
  beyond(told, most = MOST_NEWS) {
    const known = told.whole();
    const news = this.whole().flatMap(([start, end]) => {
      const cut = [];
      for (const [from, to] of known) {
        if (to <= start || from >= end) continue;
        if (from > start) cut.push([start, from]);
        start = Math.max(start, to);
      }
      return start < end ? [...cut, [start, end]] : cut;
    });
    return news.slice(0, most);
  }

  /** Share of the windows that was heard, 0 to 1. */
  share(windows) {
    const all = windows.reduce((sum, [start, end]) => sum + end - start, 0);
    let heard = 0;
    for (const [start, end] of windows) for (const [from, to] of this.spans) heard += Math.max(0, Math.min(end, to) - Math.max(start, from));
    return all ? heard / all : 1;
  }

  /** The first moment of the windows that was not heard, or null. */
  firstUnheard(windows) {
    for (const [start, end] of windows) {
      let at = start;
      for (const [from, to] of this.spans) if (from <= at + NEAR_MS && to > at) at = to;
      if (at < end - NEAR_MS) return at;
    }
    return null;
  }
}

/** Sorted spans that neither overlap nor nearly touch. */
function joined(spans) {
  const out = [];
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && start <= last[1] + NEAR_MS) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
}

const nameOf = (coding) => `alliance-workbench-heard-${coding}`;

/** What this browser remembers of a coding, beside what the server `told`; that alone where the browser keeps nothing. */
export function recall(coding, told = [], store = globalThis.localStorage) {
  try {
    return new Heard([...told, ...JSON.parse(store.getItem(nameOf(coding)) ?? "[]")]);
  } catch {
    return new Heard(told);
  }
}

/** Remember it. False where the browser keeps nothing. */
export function remember(coding, heard, store = globalThis.localStorage) {
  try {
    store.setItem(nameOf(coding), JSON.stringify(heard.whole()));
    return true;
  } catch {
    return false;
  }
}
