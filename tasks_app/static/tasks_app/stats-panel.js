import { keepFresh } from "./keep-fresh.js";

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

  constructor(panel, client) {
    this.#panel = panel;
    this.refresh = keepFresh(client, async () => this.#show(await client.getStats()));
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
