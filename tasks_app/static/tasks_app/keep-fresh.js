import { ProtocolError, State } from "./client.js";

const REFRESH_MS = 3000;

/**
 * Ask the server every few seconds, but not while nobody looks or it is still busy with
 * the last time.
 * @param {() => Promise<unknown>} ask
 * @returns {() => Promise<void>} to ask at once.
 */
export function keepFresh(client, ask) {
  let isAsking = false;

  async function refresh() {
    if (isAsking || document.hidden || client.state !== State.ONLINE) return;
    isAsking = true;
    try {
      await ask();
    } catch (error) {
      // Refused for now: what is shown stays, and the next turn asks again.
      if (!(error instanceof ProtocolError)) throw error;
    } finally {
      isAsking = false;
    }
  }

  setInterval(refresh, REFRESH_MS);
  document.addEventListener("visibilitychange", refresh);
  return refresh;
}
