/** What an engine understood, laid out for a person. */

import { element, icon, showText } from "./elements.js";
import { formatDuration, formatPercent, hasWord, word } from "./words.js";

/**
 * Fill a card's slots with a result.
 * @param {{has: Function, toggle: Function}} ticks omissions this person has ticked off.
 */
export function fillResult(slots, result, ticks) {
  slots.result.hidden = false;
  showText(slots.summary, result.summary_text);
  showText(slots.plan, result.suggested_plan);
  slots.planSection.hidden = !result.suggested_plan;
  fillConfidence(slots, result.confidence);
  fillPriority(slots.priority, result.priority_level);
  fillOmissions(slots, result.potential_omissions ?? [], ticks);
  fillList(slots.reminders, result.reminder_suggestions, (text) => element("li", "", text));
  fillList(slots.entities, result.extracted_entities, entityItem);
  fillList(slots.tags, result.suggested_tags, (tag) => element("li", "", tag));
  showText(slots.footnote, footnote(result));
}

function fillList(list, values, build) {
  list.parentElement.hidden = !values?.length;
  list.replaceChildren(...(values ?? []).map(build));
}

function fillConfidence(slots, confidence) {
  slots.confidence.hidden = !Number.isFinite(confidence);
  if (slots.confidence.hidden) return;
  slots.arc.setAttribute("stroke-dasharray", `${confidence * 100} 100`);
  const facts = { percent: formatPercent(confidence) };
  showText(slots.confidenceText, word("confidence", facts));
}

function fillPriority(badge, level) {
  showText(badge, hasWord(`priority.${level}`) ? word(`priority.${level}`) : "");
  badge.dataset.level = level ?? "";
}

function fillOmissions(slots, omissions, ticks) {
  slots.nothingMissing.hidden = omissions.length > 0;
  slots.omissions.hidden = omissions.length === 0;
  slots.omissions.replaceChildren(...omissions.map((text) => omissionItem(text, ticks)));
}

function omissionItem(text, ticks) {
  const box = element("input", "");
  box.type = "checkbox";
  box.checked = ticks.has(text);
  box.addEventListener("change", () => ticks.toggle(text, box.checked));
  return element("li", "", element("label", "", box, element("span", "", text)));
}

/** What it is, the words of the text, and what they mean where that was worked out. */
function entityItem({ type, value, normalized }) {
  const label = hasWord(`entity.${type}`) ? word(`entity.${type}`) : type;
  const item = element("li", "", element("b", "", label), element("span", "", value));
  if (normalized && normalized !== value) {
    item.append(icon("arrow"), element("span", "normalized", readable(normalized)));
  }
  return item;
}

/** `2026-11-23T07:00:00+08:00` as people write it; anything else as it is. */
function readable(normalized) {
  return normalized.replace(
    /(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?/g,
    "$1 $2",
  );
}

function footnote(result) {
  const { speaker_insights: speakers, audio_quality_assessment: audio } = result;
  const parts = [];
  if (speakers?.total_speakers) {
    parts.push(word("speakers", { n: speakers.total_speakers }));
  }
  if (audio) parts.push(word(`audio.${audio.overall_quality}`));
  if (result.event_analysis?.contains_pii) parts.push(word("pii"));
  if (result.degraded) parts.push(word("degraded"));
  if (result.model_version) parts.push(result.model_version);
  if (Number.isFinite(result.latency_ms)) {
    parts.push(formatDuration(result.latency_ms / 1000));
  }
  return parts.join(" · ");
}
