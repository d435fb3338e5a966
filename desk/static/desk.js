// Keys, live updates, undo, palette. Everything here also works without it: links and forms are plain.
"use strict";
(() => {
  const prefix = document.body.dataset.prefix;
  const one = (query, within = document) => within.querySelector(query);
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  // A page of ours, for script; null while the house cannot be reached: the next event asks again.
  const get = async (url, part = "1") => {
    try {
      const reply = await fetch(url, { headers: { "X-Part": part } });
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
    ...all("a[data-into]").map((a) => ({ word: a.textContent, go: () => { if (a.getAttribute("aria-expanded") !== "true") a.click(); } })),
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
      a: () => one(".acts a, .acts summary")?.focus(),
      Escape: () => one(".back")?.offsetParent && one(".back").click(),
      g: () => { first = "g"; setTimeout(() => { first = ""; }, 1200); },
    };
    if (acts[e.key]) { e.preventDefault(); acts[e.key](); }
  });

  // -- the thread ----------------------------------------------------------------------------------------------
  let gone = null; // what became of what was sent: desk/live.py
  const deliver = () => {
    for (const mark of gone ? all("#messages .delivery") : []) {
      const seq = Number(mark.closest(".message").dataset.seq);
      const [state, said] = gone.unsent[seq] ?? ["sent", gone.sent];
      if (seq > gone.from && seq <= gone.to && !mark.classList.contains(state)) {
        mark.className = `delivery ${state}`;
        mark.textContent = said;
      }
    }
  };
  const bottom = () => { const list = one("#messages"); if (list) list.scrollTop = list.scrollHeight; };
  bottom();
  let fetching = false, wanted = 0;
  // Everything up to the place ``to``: a gap may be longer than one answer.
  const fetchNew = async (to) => {
    const list = one("#messages");
    wanted = Math.max(wanted, to);
    if (!list || fetching) return;
    fetching = true;
    try {
      const had = Number(list.dataset.seq);
      if (had >= wanted) return;
      const near = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
      const fresh = await get(`${prefix}/talks/${list.dataset.talk}/messages?after=${list.dataset.seq}`);
      if (fresh === null) { setTimeout(() => fetchNew(0), 3000); return; }
      const part = document.createElement("template");
      part.innerHTML = fresh;
      for (const item of all(".message", part.content)) {
        if (document.getElementById(item.id)) continue;
        list.append(item);
        list.dataset.seq = item.dataset.seq;
      }
      deliver();
      if (near) bottom();
      if (Number(list.dataset.seq) > had) setTimeout(() => fetchNew(0));
    } finally {
      fetching = false;
    }
  };
  const refreshList = async () => {
    const old = one(".pane.list");
    if (!old) return;
    const fresh = await get(location.href, "list");
    if (fresh === null || old.contains(document.activeElement) && typing(document.activeElement)) return;
    if (one(".pick :checked", old)) return; // rows that are being chosen stay where they are
    const at = old.scrollTop, row = document.activeElement.closest?.(".row")?.getAttribute("href");
    const here = one(".row[aria-current]", old)?.getAttribute("href");
    const row_of = (href) => href && all(".row", old).find((a) => a.getAttribute("href") === href);
    const narrowing = one("#filters form", old); // stays open, as it was filled in
    old.innerHTML = fresh;
    if (narrowing && one("#filters")) { one("#filters").replaceChildren(narrowing); openers(one("#filters"))[0].setAttribute("aria-expanded", "true"); }
    old.scrollTop = at;
    row_of(here)?.setAttribute("aria-current", "true");
    row_of(row)?.focus();
  };

  document.addEventListener("click", async (e) => {
    const link = e.target.closest("[data-earlier]");
    if (!link) return;
    e.preventDefault();
    const earlier = await get(link.href);
    if (earlier !== null) link.closest("li").outerHTML = earlier;
  });

  // -- forms that come when they are wanted: a page of their own without script -----------------------------------
  const openers = (place) => all(`a[data-into="${place.id}"]`);
  const shut = (place) => {
    openers(place).forEach((a) => a.setAttribute("aria-expanded", "false"));
    place.replaceChildren();
  };
  document.addEventListener("click", async (e) => {
    const leave = e.target.closest("[data-shut]"), link = e.target.closest("a[data-into]");
    if (!leave && !link || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    const place = document.getElementById((leave ?? link).dataset.shut ?? link.dataset.into);
    const open = openers(place).find((a) => a.getAttribute("aria-expanded") === "true");
    shut(place);
    if (leave) open?.focus();
    if (leave || open === link) return;
    link.setAttribute("aria-expanded", "true");
    const form = await get(link.href, place.id);
    if (form === null) { location.href = link.href; return; } // the page says why
    if (link.getAttribute("aria-expanded") !== "true") return; // another one is wanted by now
    place.innerHTML = form;
    if (e.isTrusted || place.id === "act") one("input:not([type=hidden]), textarea, select, button", place)?.focus();
    place.lastElementChild.scrollIntoView({ block: "nearest" });
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
  let stream = null, wait = 2000, opened = false;
  const listen = () => {
    const talk = one("#messages")?.dataset.talk ?? "";
    const side = location.pathname.match(/\/(talks|cases)(\/|$)/)?.[1] ?? "";
    stream = new EventSource(`${prefix}/live?talk=${talk}&list=${side}`);
    stream.onopen = () => {
      if (opened) setTimeout(refreshList, Math.random() * 2000); // what happened meanwhile nobody told
      opened = true; wait = 2000; live.className = "live"; live.textContent = live.dataset.on;
    };
    stream.onerror = () => {
      live.className = "live off"; live.textContent = live.dataset.off;
      if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      setTimeout(listen, wait * (0.5 + Math.random())); // as when a proxy has no gateway behind it for a while
      wait = Math.min(wait * 2, 60000);
    };
    stream.addEventListener("talk", (e) => {
      const [seq, epoch] = e.data.split("-");
      if (epoch !== one("#messages").dataset.epoch) location.reload(); // somebody else has it now
      else fetchNew(Number(seq));
    });
    stream.addEventListener("delivery", (e) => { gone = JSON.parse(e.data); deliver(); });
    stream.addEventListener("list", refreshList);
    stream.addEventListener("waiting", (e) => {
      const count = one("#waiting-count");
      if (count) { count.textContent = e.data; count.hidden = e.data === "0"; }
    });
    stream.addEventListener("present", (e) => { const here = one("#present"); if (here) here.textContent = e.data; });
    stream.addEventListener("over", () => { stream.close(); location.reload(); });
  };
  listen();
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (e) => { if (e.persisted) listen(); });
})();
