/** What lies over waveform and lanes alike: outside the observation window, not observable, rating segments. */

import { RULER } from "./waveform.js";

/** Draw them on a canvas as high as the whole track. `bands`: {windows, hidden: [{start_ms, end_ms, reason}], segments}. */
export function drawBands(context, view, { windows, hidden, segments, duration_ms, paint }) {
  const paper = paint("var(--paper)");
  const edge = paint("var(--ink-2)");
  drawSegments(context, view, segments, paint);
  let from = 0;
  for (const [start, end] of windows.length ? [...windows, [duration_ms, duration_ms]] : []) {
    if (start > from) hatch(context, view, from, start, { paper, ink: edge, lean: 1, cover: 0.62 });
    context.fillStyle = edge;
    for (const at of [from, start]) if (at > 0 && at < duration_ms && within(view, at, at)) context.fillRect(Math.round(view.x(at)) - 0.75, 0, 1.5, view.height);
    from = Math.max(from, end);
  }
  for (const { start_ms, end_ms, reason } of hidden) {
    const until = end_ms ?? duration_ms;
    if (!within(view, start_ms, until)) continue;
    hatch(context, view, start_ms, until, { paper, ink: paint("var(--busy)"), lean: -1, cover: 0.45 });
    name(context, view, start_ms, until, reason, { paper, ink: paint("var(--ink)"), line: paint("var(--busy)"), font: paint.font });
  }
}

function within(view, from, to) {
  return to >= view.from_ms && from <= view.to_ms;
}

function hatch(context, view, from, to, { paper, ink, lean, cover }) {
  const left = Math.max(0, view.x(from));
  const right = Math.min(view.width, view.x(to));
  if (right <= left) return;
  const { height } = view;
  context.save();
  context.beginPath();
  context.rect(left, 0, right - left, height);
  context.clip();
  context.globalAlpha = cover;
  context.fillStyle = paper;
  context.fillRect(left, 0, right - left, height);
  context.globalAlpha = 0.38;
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.beginPath();
  const first = Math.floor((left - height) / 8) * 8;
  for (let x = first; x < right; x += 8) {
    context.moveTo(x, lean > 0 ? height : 0);
    context.lineTo(x + height, lean > 0 ? 0 : height);
  }
  context.stroke();
  context.restore();
}

/** A label at the beginning of a band, on paper, where there is room for it. */
function name(context, view, from, to, text, { paper, ink, line, font }) {
  const left = view.x(from);
  const right = view.x(to);
  context.fillStyle = line;
  for (const at of [left, right]) context.fillRect(Math.round(at) - 1, 0, 2, view.height);
  context.font = `600 11px ${font}`;
  const wide = context.measureText(text).width + 10;
  if (right - left < wide + 6) return;
  context.fillStyle = paper;
  context.beginPath();
  context.roundRect(left + 3, RULER + 3, wide, 16, 3);
  context.fill();
  context.fillStyle = ink;
  context.textBaseline = "middle";
  context.fillText(text, left + 8, RULER + 11.5);
}

/** Quiet boundaries with the number of the segment that begins there. */
function drawSegments(context, view, segments, paint) {
  if (segments.length < 2) return;
  context.font = `600 10px ${paint.font}`;
  context.textBaseline = "bottom";
  segments.forEach(([start, end], place) => {
    if (!within(view, start, end)) return;
    const x = Math.round(view.x(start));
    context.strokeStyle = paint("var(--line-2)");
    context.lineWidth = 1;
    context.setLineDash([2, 3]);
    context.beginPath();
    context.moveTo(x + 0.5, RULER);
    context.lineTo(x + 0.5, view.height);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = paint("var(--ink-2)");
    if (view.x(end) - x > 16) context.fillText(String(place + 1), x + 4, RULER + 46);
  });
}
