// Keys, live updates, undo, palette. Everything here also works without it: links and forms are plain.
"use strict";
(() => {
  const prefix = document.body.dataset.prefix;
  const one = (query, within = document) => within.querySelector(query);
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  // A page of ours, for script; null while the house cannot be reached: the next event asks again.
  const get = async (url) => {
    try {
      const reply = await fetch(url, { headers: { "X-Part": "1" } });
      return reply.ok ? await reply.text() : null;
    } catch { return null; }
  };

  // -- dialogs and the palette ---------------------------------------------------------------------------------
  const open = (name) => {
    const dialog = document.getElementById(name);
    if (dialog.open) return;
    dialog.showModal();
    if (name === "palette") { fill(""); one("#palette-text").value = ""; one("#palette-text").focus(); }
  };
  const commands = () => [
    ...all(".rail a").map((a) => ({ word: one("span", a).textContent, go: () => a.click() })),
    ...all(".views a").map((a) => ({ word: a.textContent, go: () => a.click() })),
    ...all(".acts summary").map((s) => ({ word: s.textContent, go: () => { s.parentElement.open = true; one("input:not([type=hidden]), textarea, select, button", s.parentElement)?.focus(); } })),
    ...all("[data-act]").map((b) => ({ word: b.textContent, go: () => b.click() })),
    { word: one(".me").title, go: () => one(".me").click() },
  ];
  let chosen = 0, shown = [];
  const fill = (text) => {
    const wanted = text.trim().toLowerCase();
    shown = commands().filter((c) => c.word.toLowerCase().includes(wanted));
    if (wanted && !shown.length) shown = [{ word: `${one("#search").placeholder}: ${text}`, go: () => { location.href = `${prefix}/cases?q=${encodeURIComponent(text)}`; } }];
    chosen = 0;
    const list = one("#palette-list");
    list.replaceChildren(...shown.map((c, i) => {
      const item = document.createElement("li");
      item.id = `p${i}`; item.role = "option"; item.textContent = c.word;
      item.setAttribute("aria-selected", String(i === 0));
      item.addEventListener("click", () => { one("#palette").close(); c.go(); });
      return item;
    }));
    one("#palette-text").setAttribute("aria-activedescendant", shown.length ? "p0" : "");
  };
  const move = (step) => {
    if (!shown.length) return;
    chosen = (chosen + step + shown.length) % shown.length;
    all("#palette-list li").forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
    one("#palette-text").setAttribute("aria-activedescendant", `p${chosen}`);
    one(`#p${chosen}`).scrollIntoView({ block: "nearest" });
  };
  one("#palette-text").addEventListener("input", (e) => fill(e.target.value));
  one("#palette-text").addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown") { move(1); e.preventDefault(); }
    if (e.key === "ArrowUp") { move(-1); e.preventDefault(); }
    if (e.key === "Enter" && shown[chosen]) { e.preventDefault(); one("#palette").close(); shown[chosen].go(); }
  });
  document.addEventListener("click", (e) => {
    const opener = e.target.closest("[data-open]");
    if (opener) open(opener.dataset.open);
  });

  // -- keys ----------------------------------------------------------------------------------------------------
  const step = (by) => {
    const rows = all(".row");
    const focused = rows.indexOf(document.activeElement.closest(".case, li")?.querySelector(".row"));
    const at = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute("aria-current"));
    rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
  };
  let first = "";
  document.addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") { e.preventDefault(); open("palette"); return; }
    if ((e.ctrlKey || e.metaKey) && e.key === "Enter" && e.target.form) { e.preventDefault(); e.target.form.requestSubmit(); return; }
    if (e.key === "Escape" && typing(e.target)) { e.target.blur(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || one("dialog[open]")) return;
    if (first === "g") {
      const way = one(`.rail a[data-key="g ${e.key}"]`);
      first = "";
      if (way) { e.preventDefault(); way.click(); return; }
    }
    const acts = {
      "/": () => one("#search").focus(),
      "?": () => open("keys"),
      j: () => step(1), k: () => step(-1),
      r: () => { one('[name="to"][value="person"]')?.click(); one("#text")?.focus(); },
      n: () => { one('[name="to"][value="colleagues"]')?.click(); one("#text")?.focus(); },
      c: () => one('[data-act="claim"]')?.click(),
      a: () => one(".acts summary")?.focus(),
      Escape: () => one(".back")?.offsetParent && one(".back").click(),
      g: () => { first = "g"; setTimeout(() => { first = ""; }, 1200); },
    };
    if (acts[e.key]) { e.preventDefault(); acts[e.key](); }
  });

  // -- the thread ----------------------------------------------------------------------------------------------
  const bottom = () => { const list = one("#messages"); if (list) list.scrollTop = list.scrollHeight; };
  bottom();
  let fetching = false, again = false;
  const fetchNew = async () => {
    const list = one("#messages");
    if (!list) return;
    if (fetching) { again = true; return; }
    fetching = true;
    try {
      const near = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
      const fresh = await get(`${prefix}/talks/${list.dataset.talk}/messages?after=${list.dataset.seq}`);
      if (fresh === null) return;
      const part = document.createElement("template");
      part.innerHTML = fresh;
      for (const item of all(".message", part.content)) {
        if (document.getElementById(item.id)) continue;
        list.append(item);
        list.dataset.seq = item.dataset.seq;
      }
      if (near) bottom();
    } finally {
      fetching = false;
      if (again) { again = false; fetchNew(); }
    }
  };
  const refreshList = async () => {
    const whole = await get(location.href);
    if (whole === null) return;
    const page = new DOMParser().parseFromString(whole, "text/html");
    const fresh = one(".pane.list", page), old = one(".pane.list");
    if (!fresh || !old || old.contains(document.activeElement) && typing(document.activeElement)) return;
    if (one(".pick :checked", old)) return; // rows that are being chosen stay where they are
    const at = old.scrollTop, row = document.activeElement.closest?.(".row")?.getAttribute("href");
    old.innerHTML = fresh.innerHTML;
    old.scrollTop = at;
    if (row) all(".row", old).find((a) => a.getAttribute("href") === row)?.focus();
    const owner = one(".owner", page), was = one(".owner");
    if (owner && was && owner.textContent !== was.textContent) location.reload();
  };

  document.addEventListener("click", async (e) => {
    const link = e.target.closest("[data-earlier]");
    if (!link) return;
    e.preventDefault();
    const earlier = await get(link.href);
    if (earlier !== null) link.closest("li").outerHTML = earlier;
  });

  // -- a hidden value, shown in its place -------------------------------------------------------------------------
  document.addEventListener("submit", async (e) => {
    const form = e.target;
    if (form.dataset.reveal === undefined) return;
    e.preventDefault();
    const reply = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Part": "1" } });
    const answer = await reply.text();
    if (reply.ok) form.closest("details").outerHTML = answer;
    else one("#said").innerHTML = answer;
  });

  // -- live ----------------------------------------------------------------------------------------------------
  const live = one("#live");
  let timer = 0;
  const soon = () => { clearTimeout(timer); timer = setTimeout(refreshList, 300); };
  const listen = () => {
    const talk = one("#messages")?.dataset.talk ?? "";
    const stream = new EventSource(`${prefix}/live?talk=${talk}`);
    stream.onopen = () => { live.className = "live"; live.textContent = live.dataset.on; fetchNew(); };
    stream.onerror = () => { live.className = "live off"; live.textContent = live.dataset.off; };
    stream.addEventListener("talk", fetchNew);
    stream.addEventListener("list", soon);
    stream.addEventListener("waiting", (e) => {
      const count = one("#waiting-count");
      if (count) { count.textContent = e.data; count.hidden = e.data === "0"; }
    });
    stream.addEventListener("present", (e) => { const here = one("#present"); if (here) here.textContent = e.data; });
    stream.addEventListener("over", () => { stream.close(); location.reload(); });
    addEventListener("pagehide", () => stream.close());
  };
  listen();
})();
