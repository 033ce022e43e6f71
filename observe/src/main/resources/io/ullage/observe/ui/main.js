// Asks once a second and shows what comes back; says so when nothing does.

import { poll } from './api.js';
import { restyleCharts } from './charts.js';
import { showComponents, toggleScale } from './components.js';
import { byId, setText } from './dom.js';
import { clock } from './format.js';
import { showHistory } from './history.js';
import { showLeaks, showLeases } from './leases.js';
import { showQueues } from './queues.js';
import { nextTheme, startTheme } from './theme.js';
import { showTotals } from './totals.js';

const PERIOD_MS = 1000;

let paused = false;
let lastAnswer = null;

function show(sample) {
  showTotals(sample);
  showComponents(sample.memory);
  showHistory(sample);
  showQueues(sample);
  showLeases(sample.leases);
  showLeaks(sample.pools);
  byId('sizing-link').hidden = sample.memory.components.root.total.firm_limit_bytes === null;
  const reasons = sample.health.reasons;
  setState(reasons.length === 0 ? 'good' : 'bad', reasons.length === 0 ? 'live' : 'live, with a problem');
  setNotice(reasons.join(' · '));
  document.body.dataset.sample = String(sample.time);
}

function setState(state, text) {
  byId('state').dataset.state = state;
  setText(byId('state'), text);
}

function setNotice(text) {
  byId('notice').hidden = text === '';
  setText(byId('notice'), text);
}

async function step() {
  if (!paused) {
    try {
      const sample = await poll();
      lastAnswer = new Date();
      show(sample);
    } catch (failure) {
      setState('bad', 'no answer');
      setNotice(
        lastAnswer
          ? `The program has not answered since ${clock(lastAnswer)}. It may have ended; these are its last figures.`
          : `The program does not answer: ${failure.message}.`,
      );
    }
  }
  setTimeout(step, PERIOD_MS);
}

byId('pause').addEventListener('click', (event) => {
  paused = !paused;
  event.currentTarget.setAttribute('aria-pressed', String(paused));
  setText(event.currentTarget, paused ? 'Go on' : 'Pause');
  if (paused) {
    setState('warn', 'paused');
  }
});
byId('scale').addEventListener('click', (event) => toggleScale(event.currentTarget));
byId('theme').addEventListener('click', () => {
  nextTheme(byId('theme'));
  restyleCharts();
});
startTheme(byId('theme'), restyleCharts);
step();
