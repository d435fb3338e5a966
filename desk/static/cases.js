// Choosing rows of the list: x, and Shift with a click for a range. Without it the boxes are plain boxes.
"use strict";
(() => {
  const boxes = () => [...document.querySelectorAll('.pick input[name="number"]')];
  let last = "";
  const choose = (box, on, range) => {
    const all = boxes(), from = all.findIndex((other) => other.value === last), to = all.indexOf(box);
    const some = range && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [box];
    for (const other of some) other.checked = on;
    last = box.value;
    const giving = document.querySelector('[data-into="giving"]');
    if (giving && boxes().some((other) => other.checked) !== (giving.getAttribute("aria-expanded") === "true")) giving.click();
  };
  document.addEventListener("click", (e) => {
    if (e.target.matches?.('.pick input[name="number"]')) choose(e.target, e.target.checked, e.shiftKey);
  });
  document.addEventListener("keydown", (e) => {
    if (e.key.toLowerCase() !== "x" || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
    if (e.target.closest("textarea, select, input:not([type=checkbox]), [contenteditable]")) return;
    const row = document.activeElement.closest(".case") ?? document.querySelector(".row[aria-current]")?.closest(".case");
    const box = row?.querySelector(".pick input");
    if (!box) return;
    e.preventDefault();
    choose(box, !box.checked, e.shiftKey);
  });
  // A form that came back has the address of its action; reloading is to show the case.
  const shown = document.querySelector("[data-address]");
  if (shown) history.replaceState(null, "", shown.dataset.address);
})();
