"use strict";
// Keys, search, dialogs, copying, walking lists and undo, on every page of the console.
document.addEventListener("DOMContentLoaded", () => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const here = location.pathname + location.search;
  const TYPED = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

  document.cookie = `tz=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`;

  function toast(text) {
    const box = one("#oms-toast");
    box.textContent = text;
    box.classList.add("oms-on");
    setTimeout(() => box.classList.remove("oms-on"), 1800);
  }

  // Copying: browsers offer the clipboard to https pages only; the old way works everywhere.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.body.appendChild(document.createElement("textarea"));
      field.value = text;
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    toast(`Copied: ${text.length > 60 ? text.slice(0, 60) + "…" : text}`);
  }

  // After an action the list or page is scrolled where it was; an hour later it begins at the top again.
  function keepScroll() {
    sessionStorage.setItem(`scroll ${here}`, JSON.stringify({ at: Date.now(), top: scrollY }));
  }
  function restoreScroll() {
    const kept = JSON.parse(sessionStorage.getItem(`scroll ${here}`) || "null");
    sessionStorage.removeItem(`scroll ${here}`);
    if (kept && Date.now() - kept.at < 3600e3) scrollTo(0, kept.top);
  }

  // Walking: a list remembers its rows, the pages opened from it know where they stand.
  const rowLink = (body) => one("th a[href]", body);
  const listed = (root) => all("#result_list tbody", root).filter(rowLink);

  function remember(root, url) {
    const list = one("#oms-list", root);
    const rows = listed(root);
    if (!list || !rows.length) return null;
    const walk = {
      url,
      rows: rows.map((row) => new URL(rowLink(row).href).pathname),
      first: Number(list.dataset.first),
      total: list.dataset.total,
      next: list.dataset.next,
      previous: list.dataset.previous,
    };
    sessionStorage.setItem("walk", JSON.stringify(walk));
    return walk;
  }
  function walked() {
    const walk = JSON.parse(sessionStorage.getItem("walk") || "null");
    const at = walk ? walk.rows.indexOf(location.pathname) : -1;
    return at < 0 ? null : { ...walk, at };
  }
  function showWalk() {
    const walk = walked();
    const box = one("#oms-walk");
    if (!walk || !box) return;
    one("[data-at]", box).textContent = `${walk.first + walk.at} of ${walk.total}`;
    one("[data-list]", box).href = walk.url;
    box.hidden = false;
  }
  async function step(by) {
    let walk = walked();
    if (!walk) return;
    let to = walk.rows[walk.at + by];
    const beyond = by > 0 ? walk.next : walk.previous;
    if (!to && beyond) {
      const url = new URL(beyond, location.origin + walk.url);
      const page = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
      walk = remember(page, url.pathname + url.search);
      to = walk && walk.rows.at(by > 0 ? 0 : -1);
    }
    if (to) location.href = to;
    else toast(by > 0 ? "This is the last one." : "This is the first one.");
  }

  let marked = -1;
  function mark(by) {
    const rows = listed(document);
    if (!rows.length) return;
    if (rows[marked]) rows[marked].classList.remove("oms-on");
    marked = Math.min(Math.max(marked + by, 0), rows.length - 1);
    rows[marked].classList.add("oms-on");
    rows[marked].scrollIntoView({ block: "nearest" });
  }

  // Search: what is typed or pasted is looked up, Enter opens the first hit.
  const search = one("#oms-search");
  let asked = 0;
  let answer = Promise.resolve();
  function lookUp() {
    const field = one("textarea", search);
    const mine = ++asked;
    const load = async () => {
      const body = await fetch(`${search.dataset.url}?${new URLSearchParams({ q: field.value.slice(0, 3000) })}`);
      const html = await body.text();
      if (mine !== asked) return;
      const found = one(".oms-search-found", search);
      found.innerHTML = html;
      const many = one(".oms-many textarea", found);
      if (many) many.value = field.value;
      choose(0);
    };
    answer = new Promise((done) => setTimeout(() => (mine === asked ? load().finally(done) : done()), 120));
  }
  function choose(by) {
    const hits = all(".oms-hits li", search);
    const at = by ? hits.findIndex((hit) => hit.classList.contains("oms-on")) + by : 0;
    hits.forEach((hit, i) => hit.classList.toggle("oms-on", i === Math.min(Math.max(at, 0), hits.length - 1)));
    const on = one(".oms-hits li.oms-on", search);
    if (on) on.scrollIntoView({ block: "nearest" });
  }
  async function openHit() {
    let pending;
    do await (pending = answer); while (pending !== answer);
    const many = one(".oms-many", search);
    const hit = one(".oms-hits li.oms-on a", search);
    if (many) many.requestSubmit();
    else if (hit) location.href = hit.href;
  }
  function openSearch() {
    if (!search || search.open) return;
    search.showModal();
    one("textarea", search).select();
    if (!one(".oms-search-found", search).firstChild) lookUp();
  }
  if (search) one("textarea", search).addEventListener("input", lookUp);

  // Dialogs: the page behind a link, shown above this one. Without JavaScript it is simply a page.
  async function openDialog(link) {
    const dialog = one("#oms-dialog");
    const url = new URL(link.href);
    url.searchParams.set("next", here);
    const body = await fetch(url, { headers: { "X-Dialog": "1" } });
    if (!body.ok || body.redirected) return void (location.href = url);
    dialog.innerHTML = await body.text();
    all("form:not([action])", dialog).forEach((form) => (form.action = url.pathname));
    dialog.showModal();
    (one("[autofocus], .oms-wrong input, input:not([type=hidden]), textarea, select", dialog) || dialog).focus();
  }

  function showKeys() {
    const list = one("#oms-keys dl");
    all("[data-added]", list).forEach((row) => row.remove());
    all("[data-key]").forEach((button) => {
      const row = document.createElement("div");
      row.dataset.added = "";
      row.style.display = "contents";
      const label = button.dataset.label || button.title || button.textContent.replace(/\s+\S+\s*$/, "").trim();
      row.innerHTML = "<dt><kbd></kbd></dt><dd></dd>";
      one("kbd", row).textContent = button.dataset.key.toUpperCase();
      one("dd", row).textContent = label;
      list.append(row);
    });
    one("#oms-keys").showModal();
  }

  // One listener, before unfold's own: its "/" and Ctrl+K must not win.
  function pressed(event) {
    const key = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    const stop = (run) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      run();
    };
    if (command && key === "k") return stop(openSearch);
    if (command && key === "enter") {
      const form = event.target.closest("form") || one("dialog[open] form") || one("form[data-main]");
      return form ? stop(() => form.requestSubmit()) : undefined;
    }
    if (command || event.altKey || event.isComposing) return undefined;
    if (search && search.open) return inSearch(event, key, stop);
    if (event.target.matches?.(TYPED) || one("dialog[open]")) return undefined;
    return onPage(event, key, stop);
  }
  function inSearch(event, key, stop) {
    if (key === "enter") return stop(openHit);
    if (key === "arrowdown") return stop(() => choose(1));
    if (key === "arrowup") return stop(() => choose(-1));
    return undefined;
  }
  function onPage(event, key, stop) {
    const button = one(`[data-key="${CSS.escape(key)}"]:not([disabled])`);
    if (key === "/") return stop(openSearch);
    if (key === "?") return stop(showKeys);
    if (button) return stop(() => (button.matches(TYPED) ? button.focus() : button.click()));
    if (key === "j" || key === "k") {
      const by = key === "j" ? 1 : -1;
      return stop(() => (one("#result_list") ? mark(by) : step(by)));
    }
    if (key === "u" && walked()) return stop(() => (location.href = walked().url));
    const row = listed(document)[marked];
    if (key === "enter" && row && !event.target.closest("a, button")) return stop(() => rowLink(row).click());
    if (key === " " && row && !event.target.closest("a, button, input")) return stop(() => one("[type=checkbox]", row)?.click());
    return undefined;
  }
  window.addEventListener("keydown", pressed, true);

  document.addEventListener("click", (event) => {
    const target = event.target;
    const copied = target.closest("[data-copy]");
    const dialog = target.closest("a[data-dialog]");
    const step_ = target.closest("[data-step]");
    if (copied) copy(copied.dataset.copy);
    else if (step_) step(Number(step_.dataset.step));
    else if (target.closest("[data-search]")) openSearch();
    else if (target.closest("[data-keys]")) showKeys();
    else if (target.closest("[data-close]")) target.closest("dialog")?.close();
    else if (dialog && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      openDialog(dialog);
    } else if (target.matches("dialog")) target.close();
    if (target.closest("#result_list a")) keepScroll();
  });
  document.addEventListener("submit", (event) => {
    keepScroll();
    // A second press of the button does not send the form again.
    const form = event.target;
    if (form.dataset.sent) event.preventDefault();
    else if (form.method === "post" && form.id !== "changelist-form") form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  async function countViews() {
    const box = one("[data-view-counts]");
    if (!box || !one("[data-view]")) return;
    const body = await fetch(box.dataset.viewCounts);
    if (!body.ok) return;
    Object.entries(await body.json()).forEach(([pk, count]) =>
      all(`[data-view="${CSS.escape(pk)}"]`).forEach((mark_) => (mark_.textContent = count)),
    );
  }

  remember(document, here);
  showWalk();
  // unfold hides the page until its own script has run: there is nothing to scroll before.
  window.addEventListener("load", () => requestAnimationFrame(restoreScroll));
  countViews();
  all("form.oms-undo").forEach((form) => setTimeout(() => form.remove(), Number(form.dataset.seconds) * 1000));
});
