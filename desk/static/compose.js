// The composer: who a text is for, and five seconds to think again. Without script the form is sent at once.
"use strict";
(() => {
  const one = (query, within = document) => within.querySelector(query);

  document.addEventListener("change", (e) => {
    if (e.target.name !== "to" || !e.target.closest(".write")) return;
    const button = one(".write .main");
    button.textContent = button.dataset[e.target.value];
  });
  const UNDO_MS = 5000;
  let pending = null;
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (form.id !== "write" || form.dataset.sure || one('[name="to"]:checked', form)?.value === "colleagues") return;
    e.preventDefault();
    if (pending) return;
    const undo = one("#undo"), bar = one("progress", undo), text = one("#text");
    undo.hidden = false; text.readOnly = true; form.setAttribute("aria-busy", "true");
    const end = Date.now() + UNDO_MS;
    const stop = () => { clearInterval(pending); pending = null; undo.hidden = true; text.readOnly = false; form.removeAttribute("aria-busy"); };
    one("button", undo).onclick = () => { stop(); text.focus(); };
    pending = setInterval(() => {
      bar.value = (end - Date.now()) / 100;
      if (Date.now() >= end) { stop(); form.dataset.sure = "1"; form.requestSubmit(); }
    }, 100);
  });
  addEventListener("beforeunload", (e) => { if (pending) e.preventDefault(); });
})();
