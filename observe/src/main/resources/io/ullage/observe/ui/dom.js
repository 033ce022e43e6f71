// Small steps with elements: found by id, made with text, changed only where something changed.

export function byId(id) {
  return document.getElementById(id);
}

/** An element with a class, text and children. */
export function make(tag, className = '', ...children) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  element.append(...children);
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** A figure: its text for people, its value for whoever wants it whole. */
export function setFigure(element, value, text) {
  setText(element, text);
  element.dataset.value = String(value);
}

const SVG = 'http://www.w3.org/2000/svg';

/** A bar of SVG; geometry by attributes, because the page allows no inline style. */
export function makeGauge(parts) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 1000 16');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('class', 'gauge');
  svg.setAttribute('aria-hidden', 'true');
  const rects = {};
  for (const [name, y, height] of parts) {
    const rect = document.createElementNS(SVG, 'rect');
    rect.setAttribute('class', name);
    rect.setAttribute('y', y);
    rect.setAttribute('height', height);
    rect.setAttribute('width', 0);
    svg.append(rect);
    rects[name] = rect;
  }
  return { svg, rects };
}

export function setExtent(rect, from, to) {
  rect.setAttribute('x', from);
  rect.setAttribute('width', Math.max(0, to - from));
}
