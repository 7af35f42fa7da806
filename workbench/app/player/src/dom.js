/** Small means to build the page. Text arrives as text nodes only, never as markup. */

/** An element: `h("button", {class: "quiet", onclick: f, "aria-label": "Play"}, "Play")`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [property, v] of Object.entries(value)) element.style.setProperty(property, v);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/** Set a property only where it says something else: the page is laid out again for it even when nothing changes. */
export function write(element, property, value) {
  if (element[property] !== value) element[property] = value;
}

/** Make `elements` the children of `parent`, touching only what differs: an element that is put back where it was is laid out anew. */
export function arrange(parent, elements) {
  const wanted = new Set(elements);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  let place = parent.firstChild;
  for (const element of elements) {
    if (element === place) place = place.nextSibling;
    else parent.insertBefore(element, place);
  }
}

/** A button for the mouse that leaves the keyboard focus where it is, so that Space goes on playing. */
export function button(attributes, ...children) {
  return h("button", { type: "button", onmousedown: (e) => e.preventDefault(), ...attributes }, ...children);
}

/** A 16 × 16 line drawing that follows the text colour. */
export function icon(path, { fill = false } = {}) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [k, v] of Object.entries({ viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", class: "icon" })) svg.setAttribute(k, v);
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  line.setAttribute("fill", fill ? "currentColor" : "none");
  if (!fill) for (const [k, v] of Object.entries({ stroke: "currentColor", "stroke-width": 1.6, "stroke-linecap": "round", "stroke-linejoin": "round" })) line.setAttribute(k, v);
  svg.append(line);
  return svg;
}

export const ICONS = {
  play: "M4.5 2.8v10.4a.6.6 0 0 0 .92.5l8-5.2a.6.6 0 0 0 0-1l-8-5.2a.6.6 0 0 0-.92.5z",
  pause: "M4 2.5h2.8v11H4zM9.2 2.5H12v11H9.2z",
  back: "M8 3.2A5 5 0 1 1 3 8.2M8 3.2 5.6 1M8 3.2 5.6 5.4",
  on: "M8 3.2A5 5 0 1 0 13 8.2M8 3.2 10.4 1M8 3.2l2.4 2.2",
  replay: "M2.5 4h11M2.5 8h6M2.5 12h4M13 8.5v5M13 13.5l-2-2M13 13.5l2-2",
  minus: "M3.5 8h9",
  plus: "M3.5 8h9M8 3.5v9",
  undo: "M3 6h6.5a3.5 3.5 0 0 1 0 7H6M3 6l3-3M3 6l3 3",
  redo: "M13 6H6.500a3.500 3.500 0 0 0 0 7H10M13 6l-3-3M13 6l-3 3",
  bin: "M3 4.500h10M6.500 4V2.500h3V4M4.500 4.500l.600 9h5.800l.600-9",
  loop: "M4 5.500h6.500a2.500 2.500 0 0 1 0 5H5.500M7.500 8.500l-2 2 2 2M4 5.500a2.500 2.500 0 0 0-1.800 4.200",
  drawLoop: "M3 3v10M13 3v10M3 8h10M5 6 3 8l2 2M11 6l2 2-2 2",
  frameBack: "M10.500 4 6 8l4.500 4zM4.500 4v8",
  frameOn: "M5.500 4 10 8l-4.500 4zM11.500 4v8",
  link: "M6.500 9.500l3-3M7 4.500l1-1a3 3 0 0 1 4.300 4.300l-1 1M9 11.500l-1 1a3 3 0 0 1-4.300-4.300l1-1",
  larger: "M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10",
  stop: "M4 4h8v8H4z",
  muted: "M2.500 6v4h2.500l3.500 3V3L5 6zM11 6l3.500 4M14.500 6 11 10",
  volume: "M2.500 6v4h2.500l3.500 3V3L5 6zM11 5.500a3.500 3.500 0 0 1 0 5M12.800 3.500a6 6 0 0 1 0 9",
};

/** A colour of a scheme, if it is one; else a neutral. */
export function safeColour(colour) {
  return /^#[0-9a-f]{6}$/i.test(colour ?? "") ? colour : "#5b6b7f";
}

/** Bring `child` into view inside the scrolling `box` without moving the page. */
export function reveal(box, child, { share = 0.35, smooth = false } = {}) {
  const top = child.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  box.scrollTo({ top: top - box.clientHeight * share, behavior: smooth ? "smooth" : "auto" });
}
