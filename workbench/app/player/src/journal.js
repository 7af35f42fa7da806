/** The outbox in the browser: operations lie here, on disk, until the server has them.
 *
 * No transcript text comes here: only what the rater did, what the server refused of it, and where the
 * rater was.
 */

import { DiskJournal } from "./disk-journal.js";
import { newId } from "./ids.js";
import { MemoryJournal } from "./memory-journal.js";
import worker from "./journal-worker.js?worker";

/** Open the journal; without IndexedDB (a private window) it keeps operations in memory and says so. */
export async function openJournal() {
  for (const open of [() => new WorkerJournal(), () => new DiskJournal(globalThis.indexedDB)]) {
    try {
      const journal = open();
      await journal.open();
      globalThis.navigator?.storage?.persist?.().catch(() => {});
      return journal;
    } catch {
      // the next one needs less
    }
  }
  return new MemoryJournal();
}

/** A disk journal in a worker: says the same a frame earlier.
 *
 * After a key Chromium holds back what comes to the page, answers of IndexedDB and of workers too, until it has
 * shown the next frame, though nothing of the key can be in it yet. What comes over a BroadcastChannel it lets through.
 */
class WorkerJournal {
  durable = true;
  #calls = new Map(); // number → {resolve, reject}
  #worker;
  #answers;
  #number = 0;

  async open() {
    const name = `alliance-workbench-journal-${newId()}`;
    const url = URL.createObjectURL(new Blob([worker], { type: "text/javascript" }));
    this.#worker = new Worker(url);
    this.#answers = new BroadcastChannel(name);
    this.#answers.onmessage = ({ data: { number, found, trouble } }) => {
      const call = this.#calls.get(number);
      this.#calls.delete(number);
      if (trouble) call?.reject(new Error(trouble));
      else call?.resolve(found);
    };
    const died = (event) => {
      for (const { reject } of this.#calls.values()) reject(new Error(event.message || "the journal stopped"));
      this.#calls.clear();
    };
    this.#worker.onerror = died;
    try {
      await this.#call("open", name);
    } catch (error) {
      this.close();
      throw error;
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  put = (entries) => this.#call("put", entries);
  remove = (ids) => this.#call("remove", ids);
  entries = (rater, coding) => this.#call("entries", rater, coding);
  keepPlace = (place) => this.#call("keepPlace", place);
  place = (rater, coding) => this.#call("place", rater, coding);

  close() {
    this.#worker.postMessage({ act: "close" });
    this.#answers.close();
  }

  #call(act, ...given) {
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#calls.set(number, { resolve, reject });
      this.#worker.postMessage({ number, act, given });
    });
  }
}
