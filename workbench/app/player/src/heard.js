/** How much of the observation window has been played, kept for one coding in this browser's store. */

const LONGEST_STEP_MS = 3000;
const NEAR_MS = 250;

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

/** What this browser remembers of a coding; nothing where it keeps nothing. */
export function recall(coding, store = globalThis.localStorage) {
  try {
    return new Heard(JSON.parse(store.getItem(nameOf(coding)) ?? "[]"));
  } catch {
    return new Heard();
  }
}

/** Remember it. False where the browser keeps nothing. */
export function remember(coding, heard, store = globalThis.localStorage) {
  try {
    store.setItem(nameOf(coding), JSON.stringify(heard.spans.map(([start, end]) => [Math.round(start), Math.round(end)])));
    return true;
  } catch {
    return false;
  }
}
