// What goes out from the composer: the file, whether it would arrive, and a sign that somebody writes. Without script
// the file is chosen in the plain field, and the line stands as it was when the page was made.
"use strict";
(() => {
  const one = (query, within = document) => within.querySelector(query);
  const part = one("#outgoing"), form = one("#write"), text = one("#text"), input = one("#file");
  if (!part) return;
  const forPerson = () => one('[name="to"]:checked', form)?.value !== "colleagues";

  // -- the file ------------------------------------------------------------------------------------------------
  const shown = one("#attached"), picture = one("img", shown), name = one("span", shown);
  const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
  const show = () => {
    const file = input.files[0];
    const tooLarge = file && file.size > Number(input.dataset.most);
    input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
    text.required = !file;
    shown.hidden = !file;
    picture.hidden = true;
    if (!file) return;
    shown.classList.toggle("error", tooLarge);
    name.textContent = tooLarge ? input.dataset.tooLarge : `${file.name} · ${size(file.size)}`;
    if (!/^image\/(jpeg|png|gif|webp)$/.test(file.type) || tooLarge) return;
    const reader = new FileReader();
    reader.onload = () => { if (input.files[0] === file) { picture.src = reader.result; picture.hidden = false; } };
    reader.readAsDataURL(file);
  };
  const take = (files) => {
    if (!files.length) return false;
    const chosen = new DataTransfer();
    chosen.items.add(files[0]);
    input.files = chosen.files;
    show();
    return true;
  };
  const settle = () => { part.classList.toggle("for-colleagues", !forPerson()); input.disabled = !forPerson(); text.required = !forPerson() || !input.files.length; };
  input.addEventListener("change", show);
  one("button", shown).addEventListener("click", () => { input.value = ""; show(); input.focus(); });
  text.addEventListener("paste", (e) => { if (forPerson() && take(e.clipboardData.files)) e.preventDefault(); });
  form.addEventListener("dragover", (e) => { if (forPerson() && e.dataTransfer.types.includes("Files")) e.preventDefault(); });
  form.addEventListener("drop", (e) => { if (forPerson() && take(e.dataTransfer.files)) e.preventDefault(); });
  form.addEventListener("change", (e) => { if (e.target.name === "to") settle(); });
  part.classList.add("scripted");
  show();
  settle();

  // -- whether it would arrive: asked again after each message, and now and then ----------------------------------
  const line = one("#reach");
  const REACH_MS = 20000;
  const ask = async () => {
    if (document.hidden) return;
    try {
      const reply = await fetch(part.dataset.reach, { headers: { "X-Part": "1" } });
      if (!reply.ok) return;
      const fresh = await reply.text();
      if (line.innerHTML.trim() !== fresh.trim()) line.innerHTML = fresh;
    } catch { /* the next one asks again */ }
  };
  setInterval(ask, REACH_MS);
  document.addEventListener("visibilitychange", ask);
  new MutationObserver(ask).observe(one("#messages"), { childList: true });

  // -- somebody writes ---------------------------------------------------------------------------------------------
  const TYPING_MS = 4000;
  let told = 0;
  text.addEventListener("input", () => {
    if (!text.value.trim() || Date.now() - told < TYPING_MS) return;
    told = Date.now();
    const sign = new URLSearchParams({ csrf: one('[name="csrf"]', form).value, to: forPerson() ? "person" : "colleagues" });
    fetch(part.dataset.typing, { method: "POST", body: sign, headers: { "X-Part": "1" } }).catch(() => {});
  });
})();
