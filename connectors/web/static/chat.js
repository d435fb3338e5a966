// The chat page: shows the transcript, sends what the person writes. Message text only ever becomes text nodes.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const page = document.body.dataset;
  const words = JSON.parse(page.words);
  const [scroll, log, box, form, files] = ["scroll", "log", "text", "composer", "files"].map($);
  const maxBytes = Number(page.maxBytes);
  const title = document.title;

  let known = Boolean(page.known); // this browser has a conversation
  let last = 0; // seq of the newest message shown
  let lastTime = 0;
  let stuck = true; // the reader is at the bottom
  let unread = 0;
  let loaded = false;
  const shownRefs = new Set();
  const pending = []; // own messages that are not in the transcript yet, in order
  const chosen = []; // files waiting in the composer

  // ---- small things

  const el = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };
  const fill = (text, value) => text.replace("{}", value);
  const store = {
    get(key, otherwise) {
      try { return JSON.parse(localStorage.getItem("tingsu." + key)) ?? otherwise; } catch { return otherwise; }
    },
    set(key, value) {
      try { localStorage.setItem("tingsu." + key, JSON.stringify(value)); } catch { /* private mode: nothing is kept */ }
    },
  };
  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID(); // https and loopback only
    const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  const size = (bytes) => (bytes < 1e6 ? Math.max(1, Math.round(bytes / 1e3)) + " kB" : (bytes / 1e6).toFixed(1) + " MB");

  let statusTimer = 0;
  const say = (text, seconds) => {
    clearTimeout(statusTimer);
    $("status").textContent = text;
    if (seconds) statusTimer = setTimeout(() => say(""), seconds * 1000);
  };

  // ---- messages

  const LINK = /https?:\/\/[^\s<>"'，。；：！？、（）【】《》「」『』]+/g;
  const withLinks = (node, text) => {
    let from = 0;
    for (const match of text.matchAll(LINK)) {
      const address = match[0].replace(/[.,;:!?)\]}]+$/, "");
      node.append(text.slice(from, match.index));
      node.append(outside(address, address));
      from = match.index + address.length;
    }
    node.append(text.slice(from));
    return node;
  };
  const outside = (address, text, className) => {
    const link = el("a", className, text);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    link.append(el("span", "quiet", ` (${words.opens})`));
    return link;
  };

  const attachment = (item) => {
    if (item.kind === "photo" && item.url && /^image\/(jpeg|png|gif|webp)$/.test(item.mime)) {
      const image = el("img");
      image.alt = item.name || words.photo;
      image.onload = () => { if (stuck) toBottom(); };
      image.src = item.url;
      if (item.url.startsWith("blob:")) return image;
      const link = outside(item.url, "", "photo");
      link.prepend(image);
      return link;
    }
    if (item.kind === "location") {
      const place = [item.text, `${Number(item.latitude).toFixed(5)}, ${Number(item.longitude).toFixed(5)}`];
      return el("p", "place", `${words.location} ${place.filter(Boolean).join(" · ")}`);
    }
    const label = `${item.name || words.file}${item.size ? " · " + size(item.size) : ""}`;
    return item.url && !item.url.startsWith("blob:") ? outside(item.url, label, "file") : el("p", "file", label);
  };

  const row = (message) => {
    const kind = message.author === "complainant" ? "me" : message.author;
    const node = el("div", "row " + kind);
    const name = { me: words.you, bot: words.bot, staff: message.name ? `${words.staff} ${message.name}` : words.staff }[kind];
    if (name) node.append(el("p", kind === "me" ? "name quiet" : "name", name));
    const bubble = el("div", "bubble");
    for (const item of message.media) bubble.append(attachment(item));
    if (message.text) bubble.append(withLinks(el("p"), message.text));
    node.append(bubble);
    const choices = el("div", "choices");
    for (const button of message.buttons) {
      if (button.url) choices.append(outside(button.url, button.title, "choice"));
      if (!button.token) continue;
      const choice = el("button", "choice", button.title);
      choice.type = "button";
      choice.onclick = () => send({ token: button.token, title: button.title });
      choices.append(choice);
    }
    if (choices.childElementCount) node.append(choices);
    return node;
  };

  const settleButtons = (answer) => log.querySelectorAll("button.choice:enabled").forEach((button) => {
    button.disabled = true;
    button.classList.toggle("picked", button.textContent === answer);
  });
  const firstPending = () => pending.find((item) => item.node.isConnected)?.node || null;

  const divider = (at) => {
    const time = new Date(at);
    if (time - lastTime > 15 * 60e3) {
      const today = time.toDateString() === new Date().toDateString();
      const clock = { hour: "2-digit", minute: "2-digit", hour12: false };
      const format = new Intl.DateTimeFormat(document.documentElement.lang, today ? clock : { month: "short", day: "numeric", ...clock });
      const stamp = el("time", "stamp", (today ? words.today + " " : "") + format.format(time));
      stamp.dateTime = at;
      log.insertBefore(stamp, firstPending());
    }
    lastTime = time;
  };

  const receive = (message) => {
    if (message.seq <= last) return;
    last = message.seq;
    shownRefs.add(message.ref);
    const mine = message.author === "complainant";
    const own = mine && pending.find((item) => (item.ref ? item.ref === message.ref : item.busy && item.caption.trim() === message.text));
    if (own) return settle(own);
    if (!message.text && !message.media.length) return;
    begin();
    divider(message.at);
    settleButtons(mine && message.text);
    const node = row(message);
    const before = firstPending();
    const previous = before ? before.previousElementSibling : log.lastElementChild;
    if (message.author === "bot" && previous?.classList.contains("bot")) node.classList.add("next");
    log.insertBefore(node, before);
    if (!mine) log.querySelectorAll(".state.sent").forEach((state) => state.remove());
    if (stuck) toBottom();
    else if (loaded) {
      unread += 1;
      $("latest").textContent = fill(words.more_messages, unread);
      $("latest").hidden = false;
    }
    if (document.hidden && loaded) document.title = "● " + title;
  };

  const begin = () => {
    $("welcome").hidden = true;
    $("new").hidden = false;
  };
  const toBottom = () => {
    scroll.scrollTop = scroll.scrollHeight;
    unread = 0;
    $("latest").hidden = true;
  };

  // ---- sending

  const keepUnsent = () => store.set("unsent", pending.filter((item) => !item.file && !item.ref).map(({ id, text, token, title, location }) => ({ id, text, token, title, location })));

  const send = (parts, { id = newId(), quietly = false } = {}) => {
    const item = { id, caption: parts.text || parts.title || "", ...parts };
    const media = parts.location ? [{ kind: "location", text: "", ...parts.location }] : parts.file ? [preview(parts.file)] : [];
    item.node = row({ author: "complainant", text: item.caption, buttons: [], media });
    item.note = el("div", "state");
    item.node.append(item.note);
    if (!quietly) settleButtons(item.caption);
    begin();
    divider(new Date().toISOString());
    log.querySelectorAll(".state.sent").forEach((state) => state.remove());
    log.append(item.node);
    pending.push(item);
    toBottom();
    keepUnsent();
    deliver(item);
  };

  const preview = (file) => ({
    kind: file.type.startsWith("image/") ? "photo" : "file",
    mime: file.type, name: file.name, size: file.size, url: URL.createObjectURL(file),
  });

  const settle = (item) => { // the message is in the transcript
    const at = pending.indexOf(item);
    if (at >= 0) pending.splice(at, 1);
    item.done = true;
    mark(item, "sent");
    keepUnsent();
  };

  const mark = (item, state, reason) => {
    item.note.className = "state " + state;
    item.note.replaceChildren(el("span", "", reason || words[state]));
    if (state === "sending" && item.file) {
      item.bar = el("progress");
      item.bar.max = 1;
      item.bar.setAttribute("aria-label", words.sending);
      item.note.append(item.bar);
    }
    if (state !== "failed") return;
    for (const [word, act] of [["retry", () => deliver(item)], ["discard", () => drop(item)]]) {
      const button = el("button", "", words[word]);
      button.type = "button";
      button.onclick = act;
      item.note.append(button);
    }
  };
  const drop = (item) => {
    pending.splice(pending.indexOf(item), 1);
    item.node.remove();
    keepUnsent();
    box.focus();
  };

  let line = Promise.resolve(); // one at a time, so that the order holds
  const deliver = (item) => {
    if (item.busy) return;
    item.busy = true;
    mark(item, "sending");
    line = line.then(() => attempt(item));
  };

  const attempt = async (item) => {
    let answer = null;
    try {
      answer = await (item.file ? postFile(item) : post(item));
    } catch { /* no connection: answer stays null */ }
    item.busy = false;
    if (item.done) { /* the stream was quicker than the answer */ } else if (answer?.status === 202) {
      item.ref = answer.body.ref;
      keepUnsent();
      if (shownRefs.has(item.ref)) { // it had arrived before: a repeat
        settle(item);
        item.node.remove();
      } else mark(item, "sent");
    } else {
      item.refused = Boolean(answer && answer.status < 500);
      mark(item, "failed", answer?.body.message);
      if (stuck) toBottom();
    }
    if (answer?.status === 202) {
      known = true;
      if (!stream && !poller) connect();
      setTimeout(() => { if (pending.includes(item)) poll(true); }, 5000); // is the stream alive?
    }
  };

  const post = async ({ id, text, token, location }) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 20000);
    try {
      const response = await fetch("/web/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id, text, token, location }),
        signal: stop.signal,
      });
      return { status: response.status, body: await response.json() };
    } finally { clearTimeout(timer); }
  };

  const postFile = (item) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("id", item.id);
    if (item.text) data.append("text", item.text);
    if (item.group) data.append("group", item.group);
    data.append("file", item.file);
    request.open("POST", "/web/uploads");
    request.responseType = "json";
    request.upload.onprogress = (event) => { if (event.lengthComputable && item.bar) item.bar.value = event.loaded / event.total; };
    request.onload = () => resolve({ status: request.status, body: request.response || {} });
    request.onerror = request.onabort = reject;
    request.send(data);
  });

  const retryFailed = () => pending.forEach((item) => { if (!item.busy && !item.ref && !item.refused) deliver(item); });

  // ---- receiving

  let stream = null;
  let poller = 0;
  let failures = 0;
  let opened = false;
  let lostTimer = 0;
  let isLost = false;

  const reachable = (yes) => {
    if (yes || isLost || navigator.onLine === false) {
      clearTimeout(lostTimer);
      lostTimer = 0;
    }
    if (yes && isLost) say(words.online, 3);
    if (yes) isLost = false;
    else if (isLost || navigator.onLine === false) lost();
    else lostTimer ||= setTimeout(lost, 4000); // a short break is not worth a word
  };
  const lost = () => {
    isLost = true;
    typing(false);
    say(words.offline);
  };
  const typing = (on) => {
    $("typing").hidden = !on;
    if (on && stuck) toBottom();
  };

  const connect = () => {
    if (!known) return ready();
    if (!window.EventSource) return startPolling();
    stream?.close();
    stream = new EventSource("/web/events?after=" + last);
    stream.onopen = () => {
      failures = 0;
      opened = true;
      stopPolling();
      reachable(true);
      retryFailed();
      setTimeout(ready, 600);
    };
    stream.onmessage = (event) => receive(JSON.parse(event.data));
    stream.addEventListener("typing", (event) => typing(JSON.parse(event.data).on));
    stream.onerror = () => {
      failures += 1;
      reachable(false);
      if (failures >= (opened ? 3 : 1) || stream.readyState === EventSource.CLOSED) startPolling();
    };
  };

  const poll = async (checking) => {
    try {
      const response = await fetch("/web/messages?after=" + last, { cache: "no-store" });
      if (!response.ok) throw new Error(response.status);
      const { messages, typing: on } = await response.json();
      const missed = messages.some((message) => message.seq > last);
      messages.forEach(receive);
      if (checking) { if (missed) startPolling(); return; } // the stream had not told
      typing(on);
      if (isLost) connect();
      reachable(true);
      retryFailed();
      ready();
    } catch { reachable(false); }
  };
  const startPolling = () => {
    stream?.close();
    stream = null;
    if (poller) return;
    let rounds = 0;
    poller = setInterval(() => { if ((rounds += 1) % 20 === 0) connect(); else poll(); }, 2500);
    poll();
  };
  const stopPolling = () => {
    clearInterval(poller);
    poller = 0;
  };
  const ready = () => {
    loaded = true;
    log.removeAttribute("aria-busy");
    $("welcome").hidden = Boolean(last || pending.length);
  };

  // ---- composer

  const grow = () => {
    box.style.height = "auto";
    box.style.height = Math.min(box.scrollHeight, 160) + "px";
    form.classList.toggle("ready", Boolean(box.value.trim() || chosen.length));
    if (stuck && log.childElementCount) toBottom();
  };
  const submit = () => {
    const text = box.value.trim();
    const group = chosen.length > 1 ? newId() : "";
    if (chosen.length) chosen.forEach((file, n) => send({ file, group, text: n ? "" : text }));
    else if (text) send({ text });
    else return box.focus();
    box.value = "";
    chosen.length = 0;
    store.set("draft", "");
    showChosen();
    box.focus();
  };

  const choose = (list) => {
    for (const file of list) {
      if (file.size > maxBytes) say(fill(words.too_large, Math.floor(maxBytes / 1048576)), 6);
      else chosen.push(file);
    }
    showChosen();
    box.focus();
  };
  const showChosen = () => {
    files.replaceChildren(...chosen.map((file, n) => {
      const item = el("li");
      const { kind, url } = preview(file);
      if (kind === "photo") {
        const image = el("img");
        image.alt = "";
        image.src = url;
        item.append(image);
      }
      item.append(el("span", "", file.name), el("small", "", size(file.size)));
      const remove = el("button", "icon", "×");
      remove.type = "button";
      remove.setAttribute("aria-label", fill(words.remove, file.name));
      remove.onclick = () => {
        chosen.splice(n, 1);
        showChosen();
        box.focus();
      };
      item.append(remove);
      return item;
    }));
    files.hidden = !chosen.length;
    grow();
  };

  const openMenu = (open) => {
    $("menu").hidden = !open;
    $("attach").setAttribute("aria-expanded", String(open));
    if (open) $("menu").querySelector("li:not([hidden]) button").focus();
  };
  const locate = () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => send({ location: { latitude: coords.latitude, longitude: coords.longitude } }),
    () => say(words.location_denied, 8),
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );

  form.onsubmit = (event) => {
    event.preventDefault();
    submit();
  };
  box.oninput = () => {
    store.set("draft", box.value);
    grow();
  };
  box.onkeydown = (event) => {
    // 229: Safari ends the composition before it tells of the Enter that ended it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  };
  box.onpaste = (event) => {
    if (event.clipboardData.files.length && $("menu").querySelector("[data-pick=file]")) {
      event.preventDefault();
      choose(event.clipboardData.files);
    }
  };
  $("attach").onclick = () => openMenu($("menu").hidden);
  $("menu").onclick = (event) => {
    const pick = event.target.closest("button")?.dataset.pick;
    if (!pick) return;
    openMenu(false);
    $("attach").focus();
    if (pick === "place") locate();
    else $(pick).click();
  };
  for (const input of [$("photo"), $("file")]) {
    input.onchange = () => {
      choose(input.files);
      input.value = "";
    };
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || $("menu").hidden) return;
    openMenu(false);
    $("attach").focus();
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".attach")) openMenu(false); });
  $("locate").hidden = !(window.isSecureContext && navigator.geolocation);
  $("attach").hidden = !$("menu").querySelector("li:not([hidden])");

  $("welcome").onclick = (event) => {
    const example = event.target.closest("button");
    if (!example) return;
    box.value = example.textContent; // theirs to change before it is sent
    box.oninput();
    box.focus();
  };

  // ---- page

  scroll.onscroll = () => {
    stuck = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
    if (stuck) {
      unread = 0;
      $("latest").hidden = true;
    }
  };
  $("latest").onclick = () => {
    toBottom();
    scroll.focus();
  };
  $("new").onclick = () => $("ask").showModal();
  $("ask").onclose = async () => {
    if ($("ask").returnValue !== "yes") return;
    $("ask").returnValue = "";
    try { await fetch("/web/forget", { method: "POST" }); } catch { return say(words.offline, 4); }
    store.set("unsent", []);
    store.set("draft", "");
    location.assign("/");
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) document.title = title; });
  addEventListener("online", () => { if (known) connect(); else retryFailed(); });
  addEventListener("offline", () => reachable(false));
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  addEventListener("resize", () => { if (stuck && log.childElementCount) toBottom(); });
  window.visualViewport?.addEventListener("resize", () => { // the keyboard of iOS covers the page
    document.documentElement.style.setProperty("--height", visualViewport.height + "px");
    window.scrollTo(0, 0);
    if (stuck && log.childElementCount) toBottom();
  });

  if (known) log.setAttribute("aria-busy", "true");
  if (known) begin();
  box.value = store.get("draft", "");
  grow();
  connect();
  for (const { id, ...parts } of store.get("unsent", [])) send(parts, { id, quietly: true });
})();
