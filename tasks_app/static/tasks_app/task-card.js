import { instantiate, showIcon, showText } from "./elements.js";
import { NO_OUTLOOK, showOutlook } from "./outlook-view.js";
import { fillResult } from "./result-view.js";
import { formatDuration, formatTime, hasWord, word } from "./words.js";

const FINAL = new Set(["completed", "failed", "cancelled"]);
/** On the card only: kept here, on their way to the server or refused for now. */
const UNSENT = new Set(["sending", "postponed"]);
/** Over without a result: its author may have the text again. */
const AGAIN = new Set(["failed", "cancelled"]);

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
    const isStep = news.revision > (this.task.revision ?? 0);
    const outdated = isStep ? { ...NO_OUTLOOK, ...timesOf(news) } : {};
    this.task = { ...this.task, ...outdated, ...news };
    this.#show();
    return hasMoved;
  }

  /** It is sent again; `until` in milliseconds. */
  postpone(happened, until, mayBeTask) {
    const postponed = { happened, until, mayBeTask };
    this.task = { ...this.task, status: "postponed", postponed };
    this.#show();
  }

  /** Whether it waits for a worker, before the eyes of somebody. */
  get isWaitingInView() {
    if (this.task.status !== "pending") return false;
    const { top, bottom } = this.element.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  }

  /** Say why the task goes on, or is over; its owner may ask again. */
  refuseCancel({ message }) {
    this.#slots.cancelButton.disabled = false;
    showText(this.#slots.notice, message);
  }

  /** Staff has had it tried anew: there is another card of it. */
  noteRetry() {
    this.task.isRetried = true;
    this.#show();
  }

  /** Show how much time has passed; for unfinished tasks, about once a second. */
  tick() {
    const { status, started_at, postponed } = this.task;
    if (status === "postponed") {
      if (Date.now() >= postponed.until) this.task.status = "sending";
      this.#show();
    }
    if (status !== "processing" || !started_at) return;
    const elapsed = Math.floor(Date.now() / 1000 - started_at);
    const text = elapsed < 1 ? "" : word("elapsed", { span: formatDuration(elapsed) });
    showText(this.#slots.elapsed, text);
  }

  /** Progress carries no revision: it counts only while its status still holds. */
  #isStale(news) {
    if (UNSENT.has(this.task.status)) return false;
    if (news.revision === undefined) return news.status !== this.task.status;
    const known = this.task.revision ?? 0;
    const tellsMore = isAnswerOfPlace(news) || (news.text && !this.task.text);
    const addsFields = news.revision === known && tellsMore;
    return news.revision <= known && !addsFields;
  }

  #show() {
    const { task } = this;
    this.element.dataset.status = task.status;
    showText(this.#slots.status, word(`status.${task.status}`));
    showText(this.#slots.text, task.text);
    showText(this.#slots.attempt, task.attempt > 1 ? word("attempt", { n: task.attempt }) : "");
    showText(this.#slots.retry, this.#retryNote);
    showText(this.#slots.error, task.status === "failed" ? task.error : "");
    this.#slots.cancelButton.hidden = !["pending", "processing"].includes(task.status);
    this.#slots.again.hidden = !this.#mayBeReturned || !task.text;
    if (task.status !== "processing") showText(this.#slots.elapsed, "");
    showOutlook(this.#slots, task);
    this.#showSteps();
    if (task.result) this.#showResult(task.result);
  }

  get #retryNote() {
    if (this.task.isRetried) return word("retry.by");
    return this.task.retry_of ? word("retry.of") : "";
  }

  /** Whether nothing comes of it: its author may submit the text anew. */
  get #mayBeReturned() {
    const { status, postponed, isRetried } = this.task;
    return (AGAIN.has(status) && !isRetried) || (status === "postponed" && !postponed.mayBeTask);
  }

  /** Emits `again` with the text, or `take-back` with the key, to change and submit. */
  #askAgain() {
    const { status, key, text } = this.task;
    if (status === "postponed") this.#emit("take-back", key);
    else this.#emit("again", text);
  }

  /** Emits `cancel-task` with the task's id; the answer shows on the card. */
  #askToCancel() {
    this.#slots.cancelButton.disabled = true;
    showText(this.#slots.notice, "");
    this.#emit("cancel-task", this.task.task_id);
  }

  #emit(name, detail) {
    this.element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }

  /** Three knots on a thread: submitted, processing, finished. */
  #showSteps() {
    const { status, created_at, started_at, completed_at } = this.task;
    const times = [UNSENT.has(status) ? null : created_at, started_at, completed_at];
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

/** An update that comes again after a reconnect tells the place of long ago. */
function isAnswerOfPlace({ queue_position, created_at }) {
  return queue_position !== undefined && created_at !== undefined;
}

/** When a status began, from the message that announced it. */
function timesOf({ status, timestamp }) {
  if (status === "pending") return { started_at: null };
  if (status === "processing") return { started_at: timestamp };
  return FINAL.has(status) ? { completed_at: timestamp } : {};
}
