/** The outbox in the browser: operations lie here, on disk, until the server has them.
 *
 * No transcript text comes here: only what the rater did. `durability: "strict"` makes the browser
 * flush to disk before it says done, so that a killed browser loses nothing that was drawn.
 */

const NAME = "alliance-workbench-journal";
const STORE = "operations";

/** Open the journal; without IndexedDB (a private window) it keeps operations in memory and says so. */
export async function openJournal(factory = globalThis.indexedDB) {
  try {
    const db = await new Promise((resolve, reject) => {
      const request = factory.open(NAME, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(STORE, { keyPath: "id" }).createIndex("coding", ["rater", "coding"]);
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error("the journal is held by an older page"));
    });
    globalThis.navigator?.storage?.persist?.().catch(() => {});
    return new DiskJournal(db);
  } catch {
    return new MemoryJournal();
  }
}

class DiskJournal {
  durable = true;
  #db;
  #waiting = [];
  #writing = false;

  constructor(db) {
    this.#db = db;
  }

  /** Resolves when `entries` ({id, coding, rater, operation}) are on disk. Bursts share a flush. */
  put(entries) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, resolve, reject });
      this.#write();
    });
  }

  async #write() {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#waiting.length) {
      const batch = this.#waiting.splice(0);
      try {
        await this.#transact("strict", (store) => {
          for (const { entries } of batch) for (const entry of entries) store.put(entry);
        });
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = false;
  }

  /** Acknowledged operations leave the journal. */
  remove(ids) {
    return this.#transact("relaxed", (store) => {
      for (const id of ids) store.delete(id);
    });
  }

  /** Operations of a coding that no server has acknowledged, in the order they were made. */
  pending(rater, coding) {
    return new Promise((resolve, reject) => {
      const request = this.#db.transaction(STORE).objectStore(STORE).index("coding").getAll([rater, coding]);
      request.onsuccess = () => resolve(request.result.map((entry) => entry.operation));
      request.onerror = () => reject(request.error);
    });
  }

  close() {
    this.#db.close();
  }

  #transact(durability, work) {
    return new Promise((resolve, reject) => {
      const transaction = this.#db.transaction(STORE, "readwrite", { durability });
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore(STORE));
    });
  }
}

/** Stands in where the browser keeps nothing on disk; also the tests' journal. */
export class MemoryJournal {
  durable = false;
  entries = new Map();

  async put(entries) {
    for (const entry of entries) this.entries.set(entry.id, entry);
  }

  async remove(ids) {
    for (const id of ids) this.entries.delete(id);
  }

  async pending(rater, coding) {
    return [...this.entries.values()]
      .filter((e) => e.rater === rater && e.coding === coding)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((e) => e.operation);
  }

  close() {}
}
