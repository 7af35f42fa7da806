/** What dragging an event does to its times: pure rules. Times are integer milliseconds. */

const SHORTEST_MS = 40;

/** The nearest of sorted `marks` within `reach_ms` of `ms`, or null. */
export function nearest(marks, ms, reach_ms) {
  let best = null;
  for (const mark of marks) if (Math.abs(mark - ms) <= reach_ms && (best == null || Math.abs(mark - ms) < Math.abs(best - ms))) best = mark;
  return best;
}

/** The times of `event` when `part` ("start", "end", "whole") was moved by `by_ms`.
 *
 * {start_ms, end_ms, snapped}: `snapped` is the mark that an edge caught, or null. All stays inside the
 * observation window in which the event began; an edge never passes the other one, a whole event keeps
 * its length. `marks`: times that catch within `reach_ms`.
 */
export function dragged(event, part, by_ms, { windows, duration_ms, marks = [], reach_ms = 0 }) {
  const { start_ms, end_ms } = event;
  const [low, high] = around(windows, start_ms) ?? [0, duration_ms];
  const catches = (ms) => nearest(marks, ms, reach_ms);
  if (part === "whole") {
    const length = end_ms == null ? 0 : end_ms - start_ms;
    const wanted = start_ms + Math.round(by_ms);
    const [by_start, by_end] = [catches(wanted), length ? catches(wanted + length) : null];
    const start = by_start ?? (by_end == null ? wanted : by_end - length);
    const last = length ? high - length : high - 1; // a window is half-open: nothing begins at its end
    const put = clamp(start, low, last);
    return { start_ms: put, end_ms: end_ms == null ? null : put + length, snapped: put === start ? (by_start ?? by_end) : null };
  }
  const wanted = (part === "start" ? start_ms : end_ms) + Math.round(by_ms);
  const caught = catches(wanted);
  const aim = caught ?? wanted;
  const put = part === "start" ? clamp(aim, low, end_ms == null ? high - 1 : end_ms - SHORTEST_MS) : clamp(aim, start_ms + SHORTEST_MS, high);
  return { start_ms: part === "start" ? put : start_ms, end_ms: part === "end" ? put : end_ms, snapped: put === aim ? caught : null };
}

/** Only what differs, as an `amend` takes it; null when nothing does. */
export function changed(event, { start_ms, end_ms }) {
  const values = {};
  if (start_ms !== event.start_ms) values.start_ms = start_ms;
  if (end_ms !== event.end_ms) values.end_ms = end_ms;
  return Object.keys(values).length ? values : null;
}

function around(windows, ms) {
  return windows.find(([low, high]) => low <= ms && ms < high) ?? null;
}

function clamp(value, low, high) {
  return Math.max(low, Math.min(value, Math.max(low, high)));
}
