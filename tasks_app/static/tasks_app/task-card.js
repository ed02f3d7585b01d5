import { instantiate, showIcon, showText } from "./elements.js";
import { fillResult } from "./result-view.js";
import { formatDuration, formatPercent, formatTime, hasWord, word } from "./words.js";

const FINAL = new Set(["completed", "failed", "cancelled"]);
/** On the card only: kept here, not yet acknowledged by the server. */
const SENDING = "sending";

/**
 * One task on the page. `task` has the fields of the protocol's task messages; the
 * element is kept and only what changed in it is touched.
 */
export class TaskCard {
  #slots;
  #steps;
  #ticks;
  #isFilled = false;

  constructor(task, ticks) {
    const { root, slots } = instantiate("task-card");
    this.element = root;
    this.#slots = slots;
    this.#steps = [...root.querySelectorAll("[data-step]")];
    this.#ticks = ticks;
    this.task = task;
    slots.againButton.addEventListener("click", () => this.#askAgain());
    slots.cancelButton.addEventListener("click", () => this.#askToCancel());
    this.#show();
  }

  get isFinal() {
    return FINAL.has(this.task.status);
  }

  /**
   * Take news of the task, in whatever order and however often they come.
   * @returns {boolean} whether its status has changed.
   */
  apply(news) {
    if (this.#isStale(news)) return false;
    const hasMoved = news.status !== this.task.status;
    const times = hasMoved ? timesOf(news) : {};
    const wait = { queue_position: null, eta_seconds: null, progress: null, stage: null };
    this.task = { ...this.task, ...(hasMoved && wait), ...times, ...news };
    this.#show();
    return hasMoved;
  }

  /** Say why the task goes on, or is over; its owner may ask again. */
  refuseCancel({ message }) {
    this.#slots.cancelButton.disabled = false;
    showText(this.#slots.notice, message);
  }

  /** Show how much time has passed; for unfinished tasks, about once a second. */
  tick() {
    const { status, started_at } = this.task;
    if (status !== "processing" || !started_at) return;
    const elapsed = Math.floor(Date.now() / 1000 - started_at);
    const text = elapsed < 1 ? "" : word("elapsed", { span: formatDuration(elapsed) });
    showText(this.#slots.elapsed, text);
  }

  /** Progress carries no revision: it counts only while its status still holds. */
  #isStale(news) {
    if (this.task.status === SENDING) return false;
    if (news.revision === undefined) return news.status !== this.task.status;
    const known = this.task.revision ?? 0;
    const addsFields = news.revision === known && news.text && !this.task.text;
    return news.revision <= known && !addsFields;
  }

  #show() {
    const { task } = this;
    this.element.dataset.status = task.status;
    showText(this.#slots.status, word(`status.${task.status}`));
    showText(this.#slots.text, task.text);
    showText(this.#slots.attempt, task.attempt > 1 ? word("attempt", { n: task.attempt }) : "");
    showText(this.#slots.error, task.status === "failed" ? task.error : "");
    this.#slots.cancelButton.hidden = !["pending", "processing"].includes(task.status);
    this.#slots.again.hidden = !["failed", "cancelled"].includes(task.status) || !task.text;
    this.#showWait();
    this.#showProgress();
    this.#showSteps();
    if (task.result) this.#showResult(task.result);
  }

  /** Emits `again` with the text, for its author to change and submit. */
  #askAgain() {
    const detail = this.task.text;
    this.element.dispatchEvent(new CustomEvent("again", { bubbles: true, detail }));
  }

  /** Emits `cancel-task` with the task's id; the answer shows on the card. */
  #askToCancel() {
    this.#slots.cancelButton.disabled = true;
    showText(this.#slots.notice, "");
    const detail = this.task.task_id;
    this.element.dispatchEvent(new CustomEvent("cancel-task", { bubbles: true, detail }));
  }

  #showWait() {
    const { status, queue_position, eta_seconds } = this.task;
    const parts = [];
    if (status === SENDING) parts.push(word("wait.sending"));
    if (queue_position > 0) parts.push(word("wait.position", { n: queue_position }));
    if (eta_seconds > 0) parts.push(word("wait.eta", { span: formatDuration(eta_seconds) }));
    showText(this.#slots.wait, parts.join(" · "));
  }

  #showProgress() {
    const { status, progress, stage } = this.task;
    const isKnown = status === "processing" && Number.isFinite(progress);
    this.#slots.progress.hidden = !isKnown;
    if (isKnown) this.#slots.progress.value = progress;
    const label = hasWord(`stage.${stage}`) ? word(`stage.${stage}`) : "";
    showText(this.#slots.stage, isKnown ? `${label} ${formatPercent(progress)}`.trim() : "");
    if (status !== "processing") showText(this.#slots.elapsed, "");
  }

  /** Three knots on a thread: submitted, processing, finished. */
  #showSteps() {
    const { status, created_at, started_at, completed_at } = this.task;
    const times = [status === SENDING ? null : created_at, started_at, completed_at];
    const current = ["pending", "processing"].indexOf(status);
    this.#steps.forEach((step, index) => {
      step.classList.toggle("reached", Boolean(times[index]));
      step.classList.toggle("current", index === current);
      showText(step.querySelector("time"), times[index] && formatTime(times[index]));
    });
    const last = this.isFinal ? status : "completed";
    showText(this.#slots.final, word(`status.${last}`));
    const took = this.isFinal && created_at && completed_at ? completed_at - created_at : null;
    showText(this.#slots.took, took === null ? "" : word("took", { span: formatDuration(took) }));
  }

  #showResult(result) {
    if (this.#isFilled) return;
    this.#isFilled = true;
    this.element.dataset.kind = result.task_type;
    showIcon(this.#slots.icon, result.task_type);
    const kind = `kind.${result.task_type}`;
    showText(this.#slots.kind, hasWord(kind) ? word(kind) : result.task_type);
    fillResult(this.#slots, result, this.#ticks.of(this.task.task_id));
  }
}

/** When a status began, from the message that announced it. */
function timesOf({ status, timestamp }) {
  if (status === "pending") return { started_at: null };
  if (status === "processing") return { started_at: timestamp };
  return FINAL.has(status) ? { completed_at: timestamp } : {};
}
