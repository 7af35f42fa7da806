/** Where utterances begin and end: what dragged edges catch on, and what "this utterance" means to a loop. */

import { lastNotAfter } from "./transcript-index.js";

/** {edges, around(ms)}: all edges in order; and the utterance of a moment as {start_ms, end_ms}, in silence the last one begun, or null. */
export function spokenOf({ utterances }) {
  const edges = [...new Set(utterances.flatMap((u) => [u.start_ms, u.end_ms]))].sort((a, b) => a - b);
  const inOrder = [...utterances].sort((a, b) => a.start_ms - b.start_ms);
  const starts = inOrder.map((u) => u.start_ms);
  return { edges, around: (ms) => inOrder[lastNotAfter(starts, ms)] ?? null };
}
