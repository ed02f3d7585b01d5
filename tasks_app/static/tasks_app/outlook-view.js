import { showText } from "./elements.js";
import { formatDuration, formatPercent, hasWord, word } from "./words.js";

/** What a task is told until its next step; a step makes it outdated. */
export const NO_OUTLOOK = {
  queue_position: null,
  eta_seconds: null,
  progress: null,
  stage: null,
};

/** Show what an unfinished task waits for, or how far it is. */
export function showOutlook(slots, task) {
  showText(slots.wait, describeWait(task));
  const isKnown = task.status === "processing" && Number.isFinite(task.progress);
  slots.progress.hidden = !isKnown;
  if (isKnown) slots.progress.value = task.progress;
  showText(slots.stage, isKnown ? describeProgress(task) : "");
}

function describeWait({ status, queue_position: n, eta_seconds, postponed }) {
  if (status === "sending") return word("wait.sending");
  if (status === "postponed") {
    const left = Math.max(1, Math.ceil((postponed.until - Date.now()) / 1000));
    const span = formatDuration(left);
    return word("wait.postponed", { happened: postponed.happened, span });
  }
  if (status !== "pending" || !(n > 0)) return "";
  if (!Number.isFinite(eta_seconds)) return word("wait.place", { n });
  return word("wait.place_and_time", { n, span: formatDuration(rounded(eta_seconds)) });
}

function describeProgress({ progress, stage }) {
  const label = hasWord(`stage.${stage}`) ? word(`stage.${stage}`) : "";
  return `${label} ${formatPercent(progress)}`.trim();
}

/** A prediction has no tenths of a second. */
function rounded(seconds) {
  return Math.max(1, Math.round(seconds));
}
