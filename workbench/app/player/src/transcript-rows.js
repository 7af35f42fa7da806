/** What the transcript lists, from top to bottom: pieces of utterances, and speech without words. Pure. */

import { textOf } from "./transcript-text.js";

/** Rows by time:
 *
 * {kind: "said", id, unit, piece, speaker, start_ms, end_ms, text, starts, first_word, joined, overlaps}
 *   `unit` is the id of the coding unit, `joined` whether the piece goes with an earlier one,
 *   `starts` where its words begin in `text`, `overlaps` whether somebody else is still speaking.
 * {kind: "wordless", id, speaker, start_ms, end_ms}: somebody was heard, nothing was written.
 */
export function rowsOf(transcript, units) {
  const texts = new Map();
  const rows = [];
  for (const unit of units) {
    for (const piece of unit.pieces) {
      if (!texts.has(piece.utterance)) texts.set(piece.utterance, textOf(transcript.utterances[piece.utterance], transcript.words));
      rows.push({ kind: "said", id: piece.id, unit: unit.id, piece, speaker: unit.speaker, start_ms: piece.start_ms, end_ms: piece.end_ms, first_word: piece.first_word, joined: piece.id !== unit.id, overlaps: false, ...part(texts.get(piece.utterance), piece, transcript.utterances[piece.utterance]) });
    }
  }
  rows.sort((a, b) => a.piece.utterance - b.piece.utterance || a.first_word - b.first_word);
  const unwritten = (transcript.speech_without_words ?? []).map((turn, n) => ({ kind: "wordless", id: `x${n}`, speaker: turn.speaker, start_ms: turn.start_ms, end_ms: turn.end_ms }));
  const listed = merge(rows, unwritten.sort((a, b) => a.start_ms - b.start_ms));
  const until = new Map(); // speaker → end of what they have said so far
  for (const row of listed) {
    if (row.kind === "said") row.overlaps = [...until].some(([speaker, end]) => speaker !== row.speaker && end - row.start_ms > SLIGHT_MS);
    until.set(row.speaker, Math.max(until.get(row.speaker) ?? 0, row.end_ms));
  }
  return listed;
}

/** Turns meet within a breath; that is no speaking at the same time. */
const SLIGHT_MS = 150;

/** The share of an utterance's text that a piece has. */
function part({ text, starts }, piece, utterance) {
  const first = piece.first_word - utterance.first_word;
  const end = piece.end_word - utterance.first_word;
  const from = first > 0 ? starts[first] : 0;
  const to = end < starts.length ? starts[end] : text.length;
  return { text: text.slice(from, to).trimEnd(), starts: starts.slice(first, end).map((at) => at - from) };
}

/** Two lists in order, into one by start; utterances keep their own order. */
function merge(rows, others) {
  const out = [];
  let next = 0;
  for (const row of rows) {
    while (next < others.length && others[next].start_ms < row.start_ms) out.push(others[next++]);
    out.push(row);
  }
  return [...out, ...others.slice(next)];
}

/** How high a row will be, in px, so that the list has about its length before it is laid out. */
export function heightOf(row, columns) {
  if (row.kind === "wordless") return 24;
  return 6 + 20 * Math.max(1, Math.ceil(row.text.length / Math.max(12, columns)));
}

/** The word of a row at character `at`, as its number in the transcript; null in a row without words. */
export function wordAtCharacter(row, at) {
  let found = null;
  for (let n = 0; n < row.starts.length && row.starts[n] <= at; n++) found = row.first_word + n;
  return found;
}
