/** Stands in where the browser keeps nothing on disk; also the tests' journal. */
export class MemoryJournal {
  durable = false;
  kept = new Map();
  #place;

  async put(entries) {
    for (const entry of entries) this.kept.set(entry.id, entry);
  }

  async remove(ids) {
    for (const id of ids) this.kept.delete(id);
  }

  async entries(rater, coding) {
    return [...this.kept.values()].filter((e) => e.rater === rater && e.coding === coding);
  }

  async keepPlace(place) {
    this.#place = place;
  }

  async place() {
    return this.#place;
  }

  close() {}
}
