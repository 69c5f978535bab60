/** One person's own steps, to go back and forth through, one at a time and in turn with whatever else is written. */

const DEPTH = 200;

/**
 * A step has `undo()` and `redo()`; each answers {place, kept}: a cell that changed (or null), and how many of its
 * cells or rows stay as they are because the robot or somebody else changed them since. Both throw when refused.
 */
export class History {
  /** `catchUp(tab)` reads where the rows are this moment: a step names them by place. */
  constructor({ onChange, onRefused, catchUp }) {
    this.onChange = onChange;
    this.onRefused = onRefused;
    this.catchUp = catchUp;
    this.done = [];
    this.undone = [];
    this.last = Promise.resolve();
  }

  /** One write after the other: an undo pressed early still finds what it is to undo. */
  inTurn(work) {
    const turn = this.last.then(work);
    this.last = turn.catch(() => {});
    return turn;
  }

  /** A step that was just made; there is no way forward from it. */
  add(step) {
    this.done.push(step);
    this.done.splice(0, this.done.length - DEPTH);
    this.undone.length = 0;
    this.onChange();
  }

  /** Makes a step of the tab's shape and keeps it. Answers whether the sheet took it. */
  make(step) {
    return this.inTurn(async () => {
      try {
        await this.catchUp(step.tab);
        const { place } = await step.redo();
        await this.catchUp(step.tab);
        if (place) this.add(step);
        return Boolean(place);
      } catch (error) {
        this.onRefused(error);
        return false;
      }
    });
  }

  undo() {
    return this.#go(this.done, this.undone, "undo");
  }

  redo() {
    return this.#go(this.undone, this.done, "redo");
  }

  /** Answers {place, kept, count}, or null where there is nothing to do or it was refused. */
  #go(from, to, way) {
    return this.inTurn(async () => {
      const step = from.pop();
      if (!step) return null;
      try {
        await this.catchUp(step.tab);
        const result = await step[way]();
        await this.catchUp(step.tab);
        if (result.place) to.push(step);
        return { ...result, tab: step.tab };
      } catch (error) {
        from.push(step);
        this.onRefused(error);
        return null;
      } finally {
        this.onChange();
      }
    });
  }
}
