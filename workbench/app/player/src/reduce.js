/** What a coding says after its operations: the browser's twin of `workbench/model/coding.py`.
 *
 * Both are tested on `tests/fixtures/operations.json`. An operation is
 * {id, kind, client_at, target, event, code, start_ms, end_ms, values}.
 */

/** Operations that still count, in order: those that no effective later void cancels. */
export function effective(operations) {
  const cancelled = new Set();
  const kept = [];
  for (let i = operations.length - 1; i >= 0; i--) {
    const op = operations[i];
    if (cancelled.has(op.id)) continue;
    if (op.kind === "void") {
      if (op.target != null) cancelled.add(op.target);
    } else kept.push(op);
  }
  return kept.reverse();
}

/** Content after `operations`, in sequence; the fields of `CodingContent` and its parts. */
export function fold(operations) {
  const events = new Map();
  const ratings = new Map();
  const evidence = new Map();
  const notes = new Map();
  const boundaries = new Map();
  const reasons = new Map();
  const passes = new Map();
  let clock = null;
  for (const op of effective(operations)) {
    const { values } = op;
    if (op.kind === "add" && op.event != null) {
      const { code = null, start_ms = null, end_ms = null } = op;
      events.set(op.event, { code, start_ms, end_ms, ...values });
    } else if (op.kind === "amend" && events.has(op.event)) {
      events.set(op.event, { ...events.get(op.event), ...values });
    } else if (op.kind === "rate") {
      const { scale, segment = 0, person, value = null, no_evidence = false } = values;
      ratings.set(ENTRY.ratings(values), { scale, segment, value, no_evidence: Boolean(no_evidence), person: person || "" });
    } else if (op.kind === "link") {
      const { scale, segment = 0, person, event, unit, linked = true } = values;
      const key = ENTRY.evidence(values);
      if (linked) evidence.set(key, { scale, segment, event: event || "", unit: unit || "", person: person || "" });
      else evidence.delete(key);
    } else if (op.kind === "note") {
      notes.set(values.note, { id: values.note, at_ms: values.at_ms, text: values.text || "" });
    } else if (op.kind === "boundary") boundaries.set(values.unit, Boolean(values.starts));
    else if (op.kind === "reason") {
      const { rule, segment = 0, person, reason } = values;
      reasons.set(ENTRY.reasons(values), { rule, segment, reason, person: person || "" });
    } else if (op.kind === "finish") passes.set(values.pass, Boolean(values.done));
    else if (op.kind === "clock") clock = { origin_at: values.origin_at, stopped_ms: values.stopped_ms ?? null };
    else if (op.kind === "align") shift(events, notes, values.shift_ms);
  }
  const standing = [];
  for (const [id, values] of events) if (!values.deleted) standing.push(toEvent(id, values));
  return {
    events: standing.sort(ORDER.events),
    ratings: [...ratings.values()].sort(ORDER.ratings),
    evidence: [...evidence.values()].sort(ORDER.evidence),
    notes: [...notes.values()].filter((n) => n.text).sort(ORDER.notes),
    boundaries: Object.fromEntries([...boundaries].sort(([a], [b]) => compare(a, b))),
    reasons: [...reasons.values()].sort(ORDER.reasons),
    passes: [...passes].filter(([, done]) => done).map(([name]) => name).sort(ORDER.passes),
    clock,
  };
}

const keyOf = (...parts) => JSON.stringify(parts);

/** What an operation is about: [the field of the content, which entry of it]; null for voids and aligns.
 *
 * Operations about different subjects never touch each other; only an `align` moves all events and notes
 * before it. `standing.js` rests on this and folds a subject alone.
 */
export function subjectOf({ kind, event, values }) {
  switch (kind) {
    case "add":
    case "amend":
      return ["events", event];
    case "rate":
      return ["ratings", ENTRY.ratings(values)];
    case "link":
      return ["evidence", ENTRY.evidence(values)];
    case "note":
      return ["notes", values.note];
    case "boundary":
      return ["boundaries", values.unit];
    case "reason":
      return ["reasons", ENTRY.reasons(values)];
    case "finish":
      return ["passes", values.pass];
    case "clock":
      return ["clock", ""];
    default:
      return null;
  }
}

/** Which entry of its list something is. */
export const ENTRY = {
  events: ({ id }) => id,
  ratings: ({ scale, segment = 0, person }) => keyOf(scale, segment, person || ""),
  evidence: ({ scale, segment = 0, person, event, unit }) => keyOf(scale, segment, person || "", event || "", unit || ""),
  notes: ({ id }) => id,
  reasons: ({ rule, segment = 0, person }) => keyOf(rule, segment, person || ""),
  passes: (name) => name,
};

function shift(events, notes, shift_ms) {
  const moved = (ms) => (ms == null ? ms : Math.max(0, ms + shift_ms));
  for (const [id, event] of events) events.set(id, { ...event, start_ms: moved(event.start_ms), end_ms: moved(event.end_ms) });
  for (const [id, note] of notes) notes.set(id, { ...note, at_ms: moved(note.at_ms) });
}

/** What a rater says about the work, not in it: a finished pass, a reason, the clock of a live coding. */
const NOT_UNDONE = new Set(["finish", "reason", "clock"]);

/** Groups of operations that one undo takes back, and groups of voids that one redo takes back.
 *
 * Operations of one act carry the same `client_at`, side by side: starting a code that ends another
 * one is undone in one step. Everything follows from the operations, so it outlives a reload.
 */
export function history(operations) {
  const told = new History();
  for (const op of operations) told.push(op);
  return told.now();
}

/** The history, told operation by operation in their order. */
export class History {
  #undo = []; // groups of ids
  #redo = []; // {voids, originals}
  #act = []; // the last act: the next operation may belong to it

  push(op) {
    if (NOT_UNDONE.has(op.kind)) return;
    const last = this.#act[0];
    if (last && (last.client_at !== op.client_at || (last.kind === "void") !== (op.kind === "void"))) {
      this.#close();
      this.#act = [];
    }
    this.#act.push(op);
  }

  /** {undo, redo}: ids of what the next undo and the next redo would void. */
  now() {
    const [undo, redo] = [this.#undo.at(-1) ?? [], this.#redo.at(-1)?.voids ?? []];
    if (!this.#act.length) return { undo, redo };
    const ids = this.#act.map((op) => op.id);
    if (this.#act[0].kind !== "void") return { undo: ids, redo: [] };
    const { again, taken } = this.#meant();
    if (again >= 0) return { undo: this.#redo[again].originals, redo: this.#redo.at(again === this.#redo.length - 1 ? -2 : -1)?.voids ?? [] };
    if (taken >= 0) return { undo: this.#undo.at(taken === this.#undo.length - 1 ? -2 : -1) ?? [], redo: ids };
    return { undo, redo };
  }

  #close() {
    const ids = this.#act.map((op) => op.id);
    if (this.#act[0].kind !== "void") {
      this.#undo.push(ids);
      this.#redo = [];
      return;
    }
    const { again, taken } = this.#meant();
    if (again >= 0) this.#undo.push(this.#redo.splice(again, 1)[0].originals);
    else if (taken >= 0) this.#redo.push({ voids: ids, originals: this.#undo.splice(taken, 1)[0] });
  }

  /** Which redo or which act the voids of the last act take back. */
  #meant() {
    const targets = new Set(this.#act.map((op) => op.target));
    const again = this.#redo.findIndex((entry) => entry.voids.some((id) => targets.has(id)));
    return { again, taken: again >= 0 ? -1 : this.#undo.findIndex((ids) => ids.some((id) => targets.has(id))) };
  }
}

function toEvent(id, values) {
  return {
    id,
    code: values.code,
    start_ms: values.start_ms,
    end_ms: values.end_ms,
    comment: values.comment || "",
    unsure: Boolean(values.unsure),
    modifiers: values.modifiers ? [...values.modifiers] : [],
    second_choice: values.second_choice || "",
    question: values.question || "",
    who: values.who || "",
    whom: values.whom || "",
    unit: values.unit || "",
    lag_ms: values.lag_ms || 0,
  };
}

/** Start, then point and open events before ended ones, end, id. */
function inTime(a, b) {
  return (
    a.start_ms - b.start_ms ||
    Number(a.end_ms != null) - Number(b.end_ms != null) ||
    (a.end_ms ?? 0) - (b.end_ms ?? 0) ||
    compare(a.id, b.id)
  );
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How each list of the content is sorted. */
export const ORDER = {
  events: inTime,
  ratings: (a, b) => compare(a.scale, b.scale) || a.segment - b.segment || compare(a.person, b.person),
  evidence: (a, b) => compare(a.scale, b.scale) || a.segment - b.segment || compare(a.event, b.event) || compare(a.unit, b.unit) || compare(a.person, b.person),
  notes: (a, b) => a.at_ms - b.at_ms || compare(a.id, b.id),
  reasons: (a, b) => compare(a.rule, b.rule) || a.segment - b.segment || compare(a.person, b.person),
  passes: compare,
};
