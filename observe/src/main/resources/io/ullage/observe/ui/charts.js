// Charts over the last minutes. Colours come from the theme; a legend in HTML carries the figures, under the cursor or the
// latest, so that nothing is said by the picture alone.

import { make, setText } from './dom.js';
import { axisSize } from './format.js';

/** What is kept and shown: five minutes. */
export const WINDOW_SECONDS = 300;

/** What is shown at first, so that the first samples are not a dot at the edge. */
const LEAST_SECONDS = 60;

const HEIGHT = 190;
const BINARY_STEPS = Array.from({ length: 60 }, (_, exponent) => 2 ** exponent);
const DECIMAL_STEPS = Array.from({ length: 30 }, (_, place) => 10 ** (Math.floor(place / 3) - 3) * [1, 2, 5][place % 3]);
const charts = new Set();

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * A chart of several series over time.
 *
 * @param title its heading
 * @param series for each: label, colour (a name of the theme), format; stacked ones are given from the bottom up
 * @param options stacked: areas on top of one another; binary: steps of the axis are powers of two; axis: its
   *     format; least: how far the axis goes at least
 */
export class Chart {
  constructor(title, series, { stacked = false, binary = true, axis = axisSize, least = 1024 } = {}) {
    this.title = title;
    this.series = series;
    this.stacked = stacked;
    this.binary = binary;
    this.axis = axis;
    this.least = least;
    this.columns = [[], ...series.map(() => [])];
    this.plot = make('div', 'plot');
    this.plot.setAttribute('role', 'img');
    this.values = series.map(() => make('b'));
    const legend = make(
      'ul',
      'legend',
      ...series.map((each, i) =>
        make('li', '', make('span', `swatch ink-${each.colour}${stacked ? '' : ' line'}`), each.label, this.values[i]),
      ),
    );
    this.element = make('div', 'chart', make('h3', '', title), this.plot, legend);
    charts.add(this);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.plot);
  }

  /** Adds a sample: a time in seconds and a value for each series. */
  add(time, values) {
    this.columns[0].push(time);
    values.forEach((value, i) => this.columns[i + 1].push(value));
    while (this.columns[0][0] < time - WINDOW_SECONDS) {
      this.columns.forEach((column) => column.shift());
    }
    this.draw();
  }

  remove() {
    this.observer.disconnect();
    this.uplot?.destroy();
    this.element.remove();
    charts.delete(this);
  }

  /** Makes the picture anew, in the colours of now. */
  restyle() {
    this.uplot?.destroy();
    this.uplot = null;
    this.draw();
  }

  draw() {
    if (this.plot.clientWidth === 0 || this.columns[0].length === 0) {
      return;
    }
    if (!this.uplot) {
      this.uplot = new uPlot(this.options(), this.data(), this.plot);
    } else {
      this.uplot.setData(this.data());
    }
    this.showValues(this.uplot.cursor.idx);
  }

  /** Stacked series are drawn from the top down, each over the one behind it. */
  data() {
    if (!this.stacked) {
      return this.columns;
    }
    const sums = [];
    let below = this.columns[0].map(() => 0);
    for (const column of this.columns.slice(1)) {
      below = below.map((sum, i) => sum + (column[i] ?? 0));
      sums.unshift(below);
    }
    return [this.columns[0], ...sums];
  }

  options() {
    const drawn = this.stacked ? [...this.series].reverse() : this.series;
    const axis = { stroke: colour('muted'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
    return {
      width: this.plot.clientWidth,
      height: HEIGHT,
      padding: [8, 26, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'ullage' }, drag: { x: false, y: false }, points: { show: !this.stacked } },
      hooks: { setCursor: [(plot) => this.showValues(plot.cursor.idx)] },
      scales: {
        x: { time: true, range: (_, first, latest) => [Math.min(first, latest - LEAST_SECONDS), latest] },
        y: { range: (_, __, most) => [0, Math.max(most * 1.06, this.least)] },
      },
      axes: [
        { ...axis, size: 28, space: 70, values: [[60, '{HH}:{mm}', null, null, null, null, null, null, 1], [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1]] },
        { ...axis, size: 70, space: 34, incrs: this.binary ? BINARY_STEPS : DECIMAL_STEPS, values: (_, marks) => marks.map(this.axis) },
      ],
      series: [
        {},
        ...drawn.map((each) => ({
          label: each.label,
          stroke: colour(each.colour),
          width: this.stacked ? 0 : 2,
          dash: each.dashed ? [6, 5] : undefined,
          fill: this.stacked ? colour(each.colour) : undefined,
          points: { show: false },
        })),
      ],
    };
  }

  showValues(index) {
    const at = index ?? this.columns[0].length - 1;
    this.series.forEach((each, i) => {
      const value = this.columns[i + 1][at];
      setText(this.values[i], value === null || value === undefined ? '–' : each.format(value));
    });
    if (index === null || index === undefined) {
      const said = this.series.map((each, i) => `${each.label} ${this.values[i].textContent}`).join(', ');
      this.plot.setAttribute('aria-label', `${this.title}: now ${said}`);
    }
  }

  resize() {
    if (this.uplot && this.plot.clientWidth > 0) {
      this.uplot.setSize({ width: this.plot.clientWidth, height: HEIGHT });
    } else {
      this.draw();
    }
  }
}

/** Draws all charts in the colours of the theme that holds now. */
export function restyleCharts() {
  charts.forEach((chart) => chart.restyle());
}
