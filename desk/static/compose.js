// The composer: what is put into an answer, who it is for, and five seconds to think again. Without script the form is
// sent at once, and the lists are pages.
"use strict";
(() => {
  const one = (query, within = document) => within.querySelector(query);
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const form = one("#write"), text = one("#text"), list = one("#inserts"), warning = one("#gaps");

  // -- braces that nobody filled ---------------------------------------------------------------------------------
  const BRACES = /\{\s*([a-z]*)\s*\}/g;
  const gaps = () => [...text.value.matchAll(BRACES)].filter((found) => warning.dataset[found[1] || "nothing"]);
  const forPerson = () => one('[name="to"]:checked', form)?.value !== "colleagues";
  const warn = () => {
    const found = forPerson() ? gaps() : [];
    const names = [...new Set(found.map((gap) => warning.dataset[gap[1] || "nothing"]))].join(", ");
    const said = names && warning.dataset.said.replace("{names}", names);
    if (warning.textContent !== said) warning.textContent = said;
    warning.hidden = !found.length;
    return found[0];
  };
  const choose = (gap) => { text.focus(); text.setSelectionRange(gap.index, gap.index + gap[0].length); };

  // -- lists to put in from: "/" canned replies, "/?" the knowledge base -------------------------------------------
  // On a Chinese keyboard the key "/" writes "、", with which no line begins.
  const TRIGGER = /(?:(?:^|[\s\u3000-\u9fff\uff00-\uffef])\/|(?:^|\n)[、／])(?:([?？])([^\n]{0,200})|([^\s/、?？][^\n/]{0,30}|))$/u;
  const SOON_MS = 180;
  let chosen = 0, start = -1, dismissed = -1, byButton = false, timer = 0, asked = null;
  const kept = {};
  const options = () => all('[role="option"]:not([aria-disabled])', list);
  const close = () => { list.hidden = true; start = -1; text.removeAttribute("aria-activedescendant"); clearTimeout(timer); asked = null; };
  const select = (index) => {
    const found = options();
    chosen = (index + found.length) % found.length;
    found.forEach((option, i) => { option.id = `insert-${i}`; option.setAttribute("aria-selected", String(i === chosen)); });
    text.setAttribute("aria-activedescendant", `insert-${chosen}`);
    found[chosen].scrollIntoView({ block: "nearest" });
  };
  const show = (found, otherwise) => {
    const none = Object.assign(document.createElement("li"), { role: "option", ariaDisabled: "true", className: "soft", textContent: list.dataset.none });
    list.replaceChildren(...(found.length ? found : otherwise ? [none] : []));
    list.hidden = !list.children.length;
    one("#inserts-said").textContent = found.length ? one("#inserts-said").dataset.found.replace("{n}", found.length) : list.textContent;
    if (found.length) select(0); else text.removeAttribute("aria-activedescendant");
  };
  const fetched = async (url) => {
    if (kept[url]) return kept[url];
    const reply = await fetch(url, { headers: { "X-Part": "1" } }).catch(() => null);
    if (!reply?.ok) return [];
    const part = document.createElement("template");
    part.innerHTML = await reply.text();
    return (kept[url] = all('[role="option"]', part.content));
  };
  const look = async (mode, query) => {
    const url = new URL(mode ? list.dataset.answers : list.dataset.replies, location.href);
    if (mode && query) url.searchParams.set("q", query);
    asked = `${mode}${query}`;
    const mine = asked, found = await fetched(url.href);
    if (asked !== mine || start < 0) return;
    const words = mode ? [] : query.toLowerCase().split(/\s+/).filter(Boolean);
    const named = (option) => Number(!words.every((word) => one("b", option).textContent.toLowerCase().includes(word)));
    const fit = found.filter((option) => words.every((word) => option.textContent.toLowerCase().includes(word)));
    show(fit.sort((a, b) => named(a) - named(b)), mode || byButton);
  };
  const update = () => {
    const caret = text.selectionStart;
    const found = caret === text.selectionEnd && TRIGGER.exec(text.value.slice(0, caret));
    if (!found) { dismissed = -1; if (start >= 0) close(); return; }
    start = caret - found[0].length + found[0].search(/[/、／]/);
    if (start === dismissed) { start = -1; return; }
    clearTimeout(timer);
    const mode = found[1] ?? "", query = (mode ? found[2] : found[3]).trim();
    timer = setTimeout(() => look(mode, query), mode && query ? SOON_MS : 0);
  };
  const put = (option) => {
    const from = start, whole = one(".whole", option).textContent;
    close();
    text.setRangeText(whole, from, text.selectionStart, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    const gap = gaps().find((found) => found.index >= from && found.index < from + whole.length);
    if (gap) choose(gap); else text.focus();
  };
  const escape = () => {
    const from = start;
    close();
    if (byButton) text.setRangeText("", from, text.selectionStart, "end"); else dismissed = from;
  };
  if (text) {
    text.addEventListener("input", (e) => { warn(); if (!e.isComposing) { byButton = byButton && !list.hidden; update(); } });
    text.addEventListener("compositionend", update);
    text.addEventListener("blur", close);
    text.addEventListener("keydown", (e) => {
      if (list.hidden || e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
      const moves = { ArrowDown: () => select(chosen + 1), ArrowUp: () => select(chosen - 1), Enter: () => put(options()[chosen]), Tab: () => put(options()[chosen]), Escape: escape };
      if (!moves[e.key] || e.shiftKey || (e.key !== "Escape" && !options().length)) return;
      e.preventDefault();
      e.stopPropagation();
      moves[e.key]();
    });
    list.addEventListener("mousedown", (e) => e.preventDefault());
    list.addEventListener("click", (e) => { const option = e.target.closest('[role="option"]'); if (option) put(option); });
    document.addEventListener("click", (e) => {
      const opener = e.target.closest("[data-insert]");
      if (!opener) return;
      e.preventDefault();
      text.focus();
      const before = text.value.slice(0, text.selectionStart);
      text.setRangeText(`${before && !/\s$/.test(before) ? " " : ""}${opener.dataset.insert}`, text.selectionStart, text.selectionEnd, "end");
      byButton = true;
      update();
    });
  }

  // -- sending ---------------------------------------------------------------------------------------------------
  document.addEventListener("change", (e) => {
    if (e.target.name !== "to" || !e.target.closest(".write")) return;
    const button = one(".write .main");
    button.textContent = button.dataset[e.target.value];
    warn();
  });
  const UNDO_MS = 5000;
  let pending = null;
  document.addEventListener("submit", (e) => {
    if (e.target.id !== "write" || e.target.dataset.sure || !forPerson()) return;
    e.preventDefault();
    const gap = warn();
    if (gap) { choose(gap); return; }
    if (pending) return;
    const undo = one("#undo"), bar = one("progress", undo);
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
