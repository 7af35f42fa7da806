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

/** Events (by start, end, id) and ratings (by scale, segment) after `operations`, in sequence. */
export function fold(operations) {
  const events = new Map();
  const ratings = new Map();
  for (const op of effective(operations)) {
    if (op.kind === "add" && op.event != null) {
      events.set(op.event, {
        code: op.code ?? null,
        start_ms: op.start_ms ?? null,
        end_ms: op.end_ms ?? null,
        ...op.values,
      });
    } else if (op.kind === "amend" && events.has(op.event)) {
      events.set(op.event, { ...events.get(op.event), ...op.values });
    } else if (op.kind === "rate") {
      const { scale, segment = 0, value = null, no_evidence = false } = op.values;
      ratings.set(JSON.stringify([scale, segment]), { scale, segment, value, no_evidence: Boolean(no_evidence) });
    }
  }
  const standing = [];
  for (const [id, values] of events) if (!values.deleted) standing.push(toEvent(id, values));
  standing.sort(inTime);
  return { events: standing, ratings: [...ratings.values()].sort(byScale) };
}

/** Groups of operations that one undo takes back, and groups of voids that one redo takes back.
 *
 * Operations of one act carry the same `client_at`, side by side: starting a code that ends another
 * one is undone in one step. Everything follows from the operations, so it outlives a reload.
 */
export function history(operations) {
  const undo = [];
  const redo = [];
  for (const act of acts(operations)) {
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

function byScale(a, b) {
  return compare(a.scale, b.scale) || a.segment - b.segment;
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
