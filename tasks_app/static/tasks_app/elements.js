/** Building and filling elements; text is always text, never markup. */

/** An element with the given class and children (nodes or strings). */
export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/** One picture of the sprite named by the page; decoration only. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.append(use);
  showIcon(svg, name);
  return svg;
}

/** Let an icon show another picture. */
export function showIcon(svg, name) {
  svg.firstElementChild.setAttribute("href", `${document.body.dataset.icons}#${name}`);
}

/** A copy of a `<template>`'s element, and its parts by their `data-slot`. */
export function instantiate(templateId) {
  const root = document.getElementById(templateId).content.firstElementChild.cloneNode(true);
  const slots = {};
  for (const part of root.querySelectorAll("[data-slot]")) slots[part.dataset.slot] = part;
  return { root, slots };
}

/** Show text in an element, or hide the element when there is none. */
export function showText(node, text) {
  node.hidden = !text;
  if (node.textContent !== (text ?? "")) node.textContent = text ?? "";
}
