/** Identifiers: UUIDv7 text (RFC 9562, section 5.7), strictly rising within one page.
 *
 * `crypto.randomUUID` exists only in secure contexts; a clinic's own network is often plain http.
 */

let lastMs = 0;
let counter = 0;

/** A new id. Several in one millisecond keep their order (section 6.2, method 1). */
export function newId(now = Date.now()) {
  const random = crypto.getRandomValues(new Uint8Array(10));
  if (now > lastMs) {
    lastMs = now;
    counter = ((random[0] & 0x07) << 8) | random[1];
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = ((random[0] & 0x07) << 8) | random[1];
  }
  const ms = lastMs.toString(16).padStart(12, "0");
  const tail = [(random[2] & 0x3f) | 0x80, ...random.slice(3)].map((b) => b.toString(16).padStart(2, "0")).join("");
  const count = counter.toString(16).padStart(3, "0");
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** The instant an id was made, in UTC milliseconds. */
export function madeAt(id) {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
