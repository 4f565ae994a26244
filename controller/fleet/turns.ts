/** Work on the same host, one after the other: two runs may meet at it. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs `work` after all that was asked for the same name before, whatever became of that. */
  take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve()
    const turn = before.catch(() => undefined).then(work)
    this.#last.set(name, turn)
    const leave = () => {
      if (this.#last.get(name) === turn) this.#last.delete(name)
    }
    turn.then(leave, leave)
    return turn
  }
}
