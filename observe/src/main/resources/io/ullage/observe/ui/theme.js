// Light, dark, or as the system has it; the choice is kept in the browser.

import { setText } from './dom.js';

const KEY = 'ullage-theme';
const THEMES = ['auto', 'light', 'dark'];

function stored() {
  try {
    const theme = localStorage.getItem(KEY);
    return THEMES.includes(theme) ? theme : 'auto';
  } catch {
    return 'auto'; // Storage may be forbidden.
  }
}

function apply(theme, button) {
  document.documentElement.dataset.theme = theme;
  setText(button, `Theme: ${theme}`);
}

/** Applies what was chosen before, and calls back when the system changes. */
export function startTheme(button, onChange) {
  apply(stored(), button);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
}

/** Goes on to the next theme. */
export function nextTheme(button) {
  const next = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Then it holds until the page is closed.
  }
  apply(next, button);
}
