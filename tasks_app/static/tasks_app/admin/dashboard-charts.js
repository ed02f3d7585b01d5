/* global Chart -- the theme's */

const numbers = new Intl.NumberFormat(document.documentElement.lang);
const compact = new Intl.NumberFormat(document.documentElement.lang, {
  notation: "compact",
  maximumFractionDigits: 1,
});
const percents = new Intl.NumberFormat(document.documentElement.lang, {
  style: "percent",
  maximumFractionDigits: 1,
});
const UNITS = [
  ["h", 3600],
  ["min", 60],
  ["s", 1],
  ["ms", 0.001],
];

function duration(seconds) {
  const [name, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
  return `${+(seconds / size).toPrecision(3)} ${name}`;
}

/** A few names for engines' colours; there are seldom more than two. */
const ENGINES = ["strong", "loud", "calm"];

/** All charts of the page, in the colours of its theme. */
export class Charts {
  #drawn = [];
  #place = null;

  constructor() {
    const theme = new MutationObserver(() => this.#place && this.draw(this.#place));
    theme.observe(document.documentElement, { attributeFilter: ["class"] });
  }

  clear() {
    for (const chart of this.#drawn) chart.destroy();
    this.#drawn = [];
  }

  /** Draw what the JSON beside the canvases says. */
  draw(place) {
    this.clear();
    this.#place = place;
    const source = place.querySelector("#board-charts");
    if (!source) return;
    const charts = JSON.parse(source.textContent);
    const ink = new Ink(place);
    for (const canvas of place.querySelectorAll("[data-chart]")) {
      const chart = charts[canvas.dataset.chart];
      this.#drawn.push(new Chart(canvas, KINDS[chart.kind](chart, ink)));
    }
  }
}

/** The colours of the style tables. */
class Ink {
  #style;

  constructor(element) {
    this.#style = getComputedStyle(element);
  }

  of(tone) {
    return this.#style.getPropertyValue(`--board-${tone || "cancelled"}`).trim();
  }
}

function base(chart, ink, { tooltip, ...scales }) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 11;
  Chart.defaults.color = ink.of("ink");
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    interaction: { mode: "index", intersect: false },
    plugins: {
      legend: {
        align: "end",
        labels: { boxWidth: 10, boxHeight: 10, color: ink.of("ink") },
      },
      tooltip: { callbacks: { label: tooltip } },
    },
    scales,
  };
}

function across(ink, more = {}) {
  return {
    grid: { display: false },
    border: { color: ink.of("line") },
    ticks: { color: ink.of("ink"), maxRotation: 0, autoSkipPadding: 16 },
    ...more,
  };
}

function upward(ink, format, more = {}) {
  return {
    beginAtZero: true,
    border: { display: false },
    grid: { color: ink.of("line") },
    ticks: { color: ink.of("ink"), maxTicksLimit: 5, callback: format },
    ...more,
  };
}

function line(series, ink, tone = series.tone) {
  return {
    label: series.title,
    data: series.values,
    borderColor: ink.of(tone),
    backgroundColor: ink.of(tone),
    borderWidth: 1.5,
    pointRadius: series.values.length > 1 ? 0 : 3,
    pointHoverRadius: 3,
  };
}

function bars(series, ink) {
  return {
    label: series.title,
    data: series.values,
    backgroundColor: ink.of(series.tone),
    categoryPercentage: 0.9,
    barPercentage: 0.95,
    maxBarThickness: 40,
  };
}

const KINDS = {
  stacked: (chart, ink) => ({
    type: "bar",
    data: {
      labels: chart.labels,
      datasets: chart.series.map((series) => bars(series, ink)),
    },
    options: base(chart, ink, {
      tooltip: ({ dataset, raw }) => `${dataset.label} ${numbers.format(raw)}`,
      x: across(ink, { stacked: true }),
      y: upward(ink, (value) => compact.format(value), { stacked: true }),
    }),
  }),

  times: (chart, ink) => ({
    type: "line",
    data: {
      labels: chart.labels,
      datasets: chart.series.map((series) => line(series, ink)),
    },
    options: base(chart, ink, {
      tooltip: ({ dataset, raw }) => `${dataset.label} ${duration(raw)}`,
      x: across(ink),
      y: upward(ink, duration, { type: "logarithmic", beginAtZero: false }),
    }),
  }),

  costs: (chart, ink) => {
    const [cost, ...tokens] = [...chart.series].reverse();
    const asLine = { ...line(cost, ink), type: "line", yAxisID: "cost", order: -1 };
    return {
      type: "bar",
      data: {
        labels: chart.labels,
        datasets: [...tokens.reverse().map((series) => bars(series, ink)), asLine],
      },
      options: base(chart, ink, {
        tooltip: ({ dataset, raw }) => `${dataset.label} ${numbers.format(raw)}`,
        x: across(ink, { stacked: true }),
        y: upward(ink, (value) => compact.format(value), { stacked: true }),
        cost: upward(ink, (value) => compact.format(value), {
          position: "right",
          grid: { display: false },
        }),
      }),
    };
  },

  calibration: (chart, ink) => {
    const ideal = { label: "=", data: [{ x: 0, y: 0 }, { x: 1, y: 1 }] };
    const format = (value) => percents.format(value);
    const tooltip = ({ dataset, raw }) =>
      `${dataset.label}: ${format(raw.x)} → ${format(raw.y)} (${raw.judged})`;
    const options = base(chart, ink, {
      tooltip,
      x: across(ink, { type: "linear", min: 0, max: 1 }),
      y: upward(ink, format, { min: 0, max: 1 }),
    });
    options.scales.x.ticks.callback = format;
    options.interaction = { mode: "nearest", intersect: false };
    options.plugins.legend.labels.filter = ({ text }) => text !== ideal.label;
    options.plugins.tooltip.filter = ({ dataset }) => dataset.label !== ideal.label;
    return {
      type: "line",
      data: {
        datasets: [
          ...chart.series.map((series, n) => ({
            ...line(series, ink, ENGINES[n % ENGINES.length]),
            pointRadius: 4,
            clip: 6,
          })),
          {
            ...ideal,
            borderColor: ink.of("line-strong"),
            borderWidth: 1,
            borderDash: [4, 4],
            pointRadius: 0,
            pointHitRadius: 0,
          },
        ],
      },
      options,
    };
  },
};
