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
      const { scale, segment = 0, value = null, no_evidence = false } = values;
      ratings.set(keyOf(scale, segment), { scale, segment, value, no_evidence: Boolean(no_evidence) });
    } else if (op.kind === "link") {
      const { scale, segment = 0, event, unit, linked = true } = values;
      const key = keyOf(scale, segment, event || "", unit || "");
      if (linked) evidence.set(key, { scale, segment, event: event || "", unit: unit || "" });
      else evidence.delete(key);
    } else if (op.kind === "note") {
      notes.set(values.note, { id: values.note, at_ms: values.at_ms, text: values.text || "" });
    } else if (op.kind === "boundary") boundaries.set(values.unit, Boolean(values.starts));
    else if (op.kind === "reason") {
      const { rule, segment = 0, reason } = values;
      reasons.set(keyOf(rule, segment), { rule, segment, reason });
    } else if (op.kind === "finish") passes.set(values.pass, Boolean(values.done));
    else if (op.kind === "clock") clock = { origin_at: values.origin_at, stopped_ms: values.stopped_ms ?? null };
    else if (op.kind === "align") shift(events, notes, values.shift_ms);
  }
  const standing = [];
  for (const [id, values] of events) if (!values.deleted) standing.push(toEvent(id, values));
  return {
    events: standing.sort(inTime),
    ratings: [...ratings.values()].sort((a, b) => compare(a.scale, b.scale) || a.segment - b.segment),
    evidence: [...evidence.values()].sort((a, b) => compare(a.scale, b.scale) || a.segment - b.segment || compare(a.event, b.event) || compare(a.unit, b.unit)),
    notes: [...notes.values()].filter((n) => n.text).sort((a, b) => a.at_ms - b.at_ms || compare(a.id, b.id)),
    boundaries: Object.fromEntries([...boundaries].sort(([a], [b]) => compare(a, b))),
    reasons: [...reasons.values()].sort((a, b) => compare(a.rule, b.rule) || a.segment - b.segment),
    passes: [...passes].filter(([, done]) => done).map(([name]) => name).sort(compare),
    clock,
  };
}

const keyOf = (...parts) => JSON.stringify(parts);

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
  const undo = [];
  const redo = [];
  for (const act of acts(operations.filter((op) => !NOT_UNDONE.has(op.kind)))) {
    if (act[0].kind !== "void") {
      undo.push(act.map((op) => op.id));
      redo.length = 0;
      continue;
    }
    const targets = new Set(act.map((op) => op.target));
    const again = redo.findIndex((entry) => entry.voids.some((id) => targets.has(id)));
    if (again >= 0) {
      undo.push(redo[again].originals);
      redo.splice(again, 1);
      continue;
    }
    const taken = undo.findIndex((ids) => ids.some((id) => targets.has(id)));
    if (taken >= 0) redo.push({ voids: act.map((op) => op.id), originals: undo.splice(taken, 1)[0] });
  }
  return { undo: undo.at(-1) ?? [], redo: redo.at(-1)?.voids ?? [] };
}

function acts(operations) {
  const grouped = [];
  for (const op of operations) {
    const last = grouped.at(-1)?.[0];
    if (last && last.client_at === op.client_at && (last.kind === "void") === (op.kind === "void")) {
      grouped.at(-1).push(op);
    } else grouped.push([op]);
  }
  return grouped;
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
