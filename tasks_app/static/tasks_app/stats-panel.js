import { ProtocolError, State } from "./client.js";

const REFRESH_MS = 3000;
const COUNTS = [
  "total_tasks",
  "queue_size",
  "processing_tasks",
  "completed_tasks",
  "failed_tasks",
  "cancelled_tasks",
  "active_connections",
];

/** The service's numbers, fresh while somebody can see them. */
export class StatsPanel {
  #panel;
  #client;
  #isAsking = false;

  constructor(panel, client) {
    this.#panel = panel;
    this.#client = client;
    setInterval(() => this.refresh(), REFRESH_MS);
  }

  async refresh() {
    if (this.#isAsking || document.hidden || this.#client.state !== State.ONLINE) return;
    this.#isAsking = true;
    try {
      this.#show(await this.#client.getStats());
    } catch (error) {
      // Refused for now: the numbers stay, and the next turn asks again.
      if (!(error instanceof ProtocolError)) throw error;
    } finally {
      this.#isAsking = false;
    }
  }

  #show(stats) {
    for (const name of COUNTS) {
      const field = this.#panel.querySelector(`[data-count=${name}]`);
      field.textContent = stats[name] ?? "–";
      const band = this.#panel.querySelector(`[data-band=${name}]`);
      if (!band) continue;
      band.hidden = !stats[name];
      band.style.flexGrow = stats[name] ?? 0;
    }
  }
}
