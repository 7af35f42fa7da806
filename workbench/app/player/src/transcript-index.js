/** Finds the word and the utterance at a time, in 10,000 words as fast as in ten. */

/** Index of the last element of sorted `starts` that is not after `at`, or -1. */
export function lastNotAfter(starts, at) {
  let low = 0;
  let high = starts.length - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= at) {
      found = middle;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}

/** So far into a word, a step back goes to its own beginning. */
const BACK_MS = 120;

/** `at(ms)` → {word, utterance}: indices. A word holds up to `holdMs` after its end, then -1; the
 * utterance is that of the word, in silence the last one that has begun (-1 before the first).
 * `wordsAt(ms)` → every word that is being said, where people speak at once.
 * `step(ms, by)` → when the word before (-1) or after (1) begins, or null. */
export function indexOf(transcript, holdMs = 250) {
  const order = transcript.words.map((_, i) => i).sort((a, b) => transcript.words[a].start_ms - transcript.words[b].start_ms);
  const wordStarts = order.map((i) => transcript.words[i].start_ms);
  const utteranceStarts = transcript.utterances.map((u) => u.start_ms);
  const utteranceOf = new Int32Array(transcript.words.length).fill(-1);
  transcript.utterances.forEach((u, place) => utteranceOf.fill(place, u.first_word, u.end_word));
  let latest = -Infinity;
  const latestEnd = order.map((i) => (latest = Math.max(latest, transcript.words[i].end_ms)));
  return {
    utteranceOf,
    wordsAt(ms) {
      const place = lastNotAfter(wordStarts, ms);
      const found = place >= 0 && ms < transcript.words[order[place]].end_ms + holdMs ? [order[place]] : [];
      for (let n = place - 1; n >= 0 && latestEnd[n] > ms; n--) if (transcript.words[order[n]].end_ms > ms) found.push(order[n]);
      return found;
    },
    step(ms, by) {
      const place = by > 0 ? lastNotAfter(wordStarts, ms) + 1 : lastNotAfter(wordStarts, ms - BACK_MS);
      return place >= 0 ? (wordStarts[place] ?? null) : null;
    },
    at(ms) {
      const place = lastNotAfter(wordStarts, ms);
      const word = place >= 0 && ms < transcript.words[order[place]].end_ms + holdMs ? order[place] : -1;
      return { word, utterance: word >= 0 ? utteranceOf[word] : lastNotAfter(utteranceStarts, ms) };
    },
  };
}
