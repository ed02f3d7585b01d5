import { Charts } from "./dashboard-charts.js";
import { SessionEnded, poll } from "./polling.js";

const LIVE_MS = 3000;
const FIGURES_MS = 10_000;

/** The numbers of this moment. */
class Live {
  #board;
  #row = document.getElementById("board-worker");
  #alert = document.getElementById("board-alert");
  #workers = document.getElementById("board-workers");

  constructor(board) {
    this.#board = board;
  }

  async refresh(ask) {
    const response = await ask(this.#board.dataset.liveUrl);
    this.#show(await response.json());
  }

  #show({ texts, workers, alert }) {
    for (const place of this.#board.querySelectorAll("[data-live]")) {
      place.textContent = texts[place.dataset.live];
    }
    this.#alert.textContent = alert;
    this.#alert.hidden = !alert;
    this.#workers.replaceChildren(...workers.map((worker) => this.#line(worker)));
  }

  #line(worker) {
    const line = this.#row.content.firstElementChild.cloneNode(true);
    line.toggleAttribute("data-paused", worker.is_paused);
    for (const place of line.querySelectorAll("[data-field]")) {
      place.textContent = worker[place.dataset.field];
    }
    const bar = line.querySelector("progress");
    bar.max = Math.max(1, worker.capacity);
    bar.value = worker.in_flight;
    return line;
  }
}

/** What a period tells: tables, and the charts drawn from them. */
class Figures {
  #board;
  #place = document.getElementById("board-figures");
  #charts = new Charts();
  #tag = this.#place.dataset.tag;

  constructor(board) {
    this.#board = board;
    this.#charts.draw(this.#place);
  }

  async refresh(ask) {
    const address = this.#board.dataset.figuresUrl + location.search;
    const response = await ask(address, { "If-None-Match": this.#tag });
    if (response.status === 304) return;
    this.#tag = response.headers.get("ETag");
    this.#replace(await response.text());
  }

  #replace(html) {
    const focused = selectorOf(document.activeElement);
    const open = [...this.#place.querySelectorAll("details[open]")].map((d) => d.id);
    this.#charts.clear();
    this.#place.innerHTML = html;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused) this.#place.querySelector(focused)?.focus({ preventScroll: true });
    this.#charts.draw(this.#place);
  }
}

/** How the same element is found after its place has been filled anew. */
function selectorOf(element) {
  if (element?.matches("summary")) return `#${element.parentElement.id} > summary`;
  const href = element?.getAttribute("href");
  return href && `a[href="${CSS.escape(href)}"]`;
}

/** Says that what is shown is old, and why. */
class Notice {
  #board;
  #place = document.getElementById("board-lost");
  #lost = new Set();

  constructor(board) {
    this.#board = board;
  }

  listen(part) {
    return (error) => {
      if (error) this.#lost.add(part);
      else this.#lost.delete(part);
      this.#show(error);
    };
  }

  #show(error) {
    const isLost = this.#lost.size > 0;
    const { lost, ended } = this.#board.dataset;
    if (isLost && error) {
      this.#place.textContent = error instanceof SessionEnded ? ended : lost;
    }
    this.#place.hidden = !isLost;
    this.#board.toggleAttribute("data-stale", isLost);
  }
}

const board = document.getElementById("board");
const notice = new Notice(board);
const live = new Live(board);
const figures = new Figures(board);
poll((ask) => live.refresh(ask), LIVE_MS, notice.listen("live"));
poll((ask) => figures.refresh(ask), FIGURES_MS, notice.listen("figures"));
