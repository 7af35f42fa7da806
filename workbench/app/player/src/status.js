/** The status line: where the rater's work is, in a few plain words. */

import { clock, count } from "./format.js";
import { CONDITION } from "./sync.js";

/** {text, tone, act}: tone is "saved", "busy" or "alarm"; act is "sign-in" or "reload" where a person must do something. */
export function statusOf({ condition, pending, durable, reason }) {
  const place = durable ? "kept on this computer" : "kept in this page only";
  const kept = pending ? `, ${pending} ${place}` : "";
  switch (condition) {
    case CONDITION.LOADING:
      return { text: "opening", tone: "busy" };
    case CONDITION.OFFLINE:
      return { text: `offline${kept}`, tone: "alarm" };
    case CONDITION.SIGN_IN:
      return { text: `sign in again${kept}`, tone: "alarm", act: "sign-in" };
    case CONDITION.RELOAD:
      return { text: `reload this page${kept}`, tone: "alarm", act: "reload" };
    case CONDITION.HELD:
      return { text: `${reason}${pending ? ` ${pending} ${place}.` : ""}`, tone: "alarm" };
    default:
      return pending ? { text: `saving ${pending}`, tone: "busy" } : { text: "all saved", tone: "saved" };
  }
}

/** What a rater reads on coming back: "All 214 codes are here. Back at 31:07, 3 s earlier." */
export function welcomeBack({ recovered, events, start_ms, earlier_ms }) {
  const parts = [];
  if (recovered) parts.push(`${events === 1 ? "Your 1 code is" : `All ${count(events, "code")} are`} here.`);
  const seconds = Math.round(earlier_ms / 100) / 10;
  if (start_ms > 0) parts.push(`Back at ${clock(start_ms)}${seconds ? `, ${seconds} s earlier` : ""}.`);
  return parts.join(" ");
}
