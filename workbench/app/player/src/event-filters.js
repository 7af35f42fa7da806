/** Which events the list shows, and how many each filter would. Pure. */

export const NO_FILTER = Object.freeze({ code: "", unsure: false, comment: false, who: "", text: "" });

/** Whether anything is filtered. */
export function filtering(filter) {
  return Boolean(filter.code || filter.unsure || filter.comment || filter.who || filter.text.trim());
}

/** {shown, counts}: events that pass, and for each filter how many of the events that pass the others it would leave.
 *
 * counts = {all, unsure, comment, code: Map id → n, who: Map id → n}. `label(event)` is the code's name, which the text is
 * searched in together with comment, question and modifiers.
 */
export function filtered(events, filter, label) {
  const text = filter.text.trim().toLocaleLowerCase();
  const counts = { all: events.length, unsure: 0, comment: 0, code: new Map(), who: new Map() };
  const shown = [];
  const more = (map, id) => map.set(id, (map.get(id) ?? 0) + 1);
  for (const event of events) {
    const fails = [
      filter.code && event.code !== filter.code ? "code" : "",
      filter.unsure && !event.unsure ? "unsure" : "",
      filter.comment && !event.comment ? "comment" : "",
      filter.who && event.who !== filter.who ? "who" : "",
      text && !says(event, text, label) ? "text" : "",
    ].filter(Boolean);
    if (!fails.length) shown.push(event);
    const only = (name) => fails.every((fail) => fail === name);
    if (only("code")) more(counts.code, event.code);
    if (only("unsure") && event.unsure) counts.unsure += 1;
    if (only("comment") && event.comment) counts.comment += 1;
    if (only("who") && event.who) more(counts.who, event.who);
  }
  return { shown, counts };
}

function says(event, text, label) {
  return [label(event), event.comment, event.question, ...(event.modifiers ?? [])].some((part) => part?.toLocaleLowerCase().includes(text));
}

/** Tops of rows of these heights, and below the last one the whole height: n + 1 numbers. */
export function tops(heights) {
  const found = new Float64Array(heights.length + 1);
  for (let i = 0; i < heights.length; i++) found[i + 1] = found[i] + heights[i];
  return found;
}
