import { CloseCode } from "./protocol.js";

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A connection that lived this long was a good one: the next wait is short again. */
const STABLE_AFTER_MS = 5_000;
/** The server asked us to stay away; unless it says how long, for a while. */
const UNWELCOME = new Set([CloseCode.POLICY, CloseCode.TOO_MANY_CONNECTIONS]);

/** How long to wait before the next connection; times in milliseconds. */
export class Backoff {
  #attempts = 0;
  #connectedAt = null;

  connected() {
    this.#connectedAt = Date.now();
  }

  /** Exponential with jitter on top of what the server asks for: it is not stormed. */
  nextDelay(closeCode, atLeast = 0) {
    const isForAWhile = UNWELCOME.has(closeCode) && !atLeast;
    const ceiling = isForAWhile ? LONGEST_DELAY_MS : this.#nextCeiling();
    return atLeast + (ceiling * (1 + Math.random())) / 2;
  }

  #nextCeiling() {
    const wasStable =
      this.#connectedAt !== null && Date.now() - this.#connectedAt > STABLE_AFTER_MS;
    this.#attempts = wasStable ? 0 : this.#attempts + 1;
    this.#connectedAt = null;
    return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempts);
  }
}
