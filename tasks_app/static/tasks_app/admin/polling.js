const PATIENCE_MS = 15_000;
const LONGEST_PAUSE_MS = 60_000;
/** Who takes long to answer is asked less often. */
const SHARE_OF_TIME = 20;

/** The server no longer knows who asks; to ask again would not help. */
export class SessionEnded extends Error {}

async function ask(address, headers = {}) {
  const response = await fetch(address, {
    headers,
    cache: "no-store",
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const isRefused = response.status === 403;
  // To the login page.
  if (isRefused || response.type === "opaqueredirect") throw new SessionEnded();
  if (!response.ok && response.status !== 304) throw new Error(response.statusText);
  return response;
}

/**
 * Let `refresh` ask again and again while somebody can see the page: never twice at
 * once, and less often while there is no answer.
 * @param {(ask: typeof ask) => Promise<void>} refresh
 * @param {(error: Error | null) => void} tell - after each answer or failure.
 */
export function poll(refresh, everyMs, tell) {
  let timer;
  let failures = 0;
  let isAsking = false;
  let hasEnded = false;

  async function turn() {
    if (isAsking || hasEnded || document.hidden) return;
    isAsking = true;
    const begun = performance.now();
    try {
      await refresh(ask);
      failures = 0;
      tell(null);
    } catch (error) {
      failures += 1;
      hasEnded = error instanceof SessionEnded;
      tell(error);
    } finally {
      isAsking = false;
      rest(performance.now() - begun);
    }
  }

  function rest(tookMs) {
    const pause = Math.max(everyMs * 2 ** failures, tookMs * SHARE_OF_TIME);
    clearTimeout(timer);
    timer = setTimeout(turn, Math.min(pause, LONGEST_PAUSE_MS));
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    turn();
  });
  window.addEventListener("online", turn);
  rest(0);
}
