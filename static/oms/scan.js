// Scanner, keys and sounds of the floor. A scanner types fast and ends with Enter: such a burst is read
// wherever the page stands, so that no field needs the focus and nothing steals it.
"use strict";
(() => {
  const BURST_MS = 50;
  const SHORTEST = 2;
  let typed = "";
  let last = 0;

  const alarm = () => document.querySelector(".alarm");
  const isField = (node) => node.matches && node.matches("input:not([type=checkbox]), select, textarea");

  const isNumber = (node) => node.matches && node.matches("input[type=number]");
  // Where a scan goes: the field marked so, or that named `scan` of a form marked so.
  const scanField = () => document.querySelector("input[data-scan], form[data-scan] [name=scan]");

  function acknowledge() {
    document.querySelectorAll(".alarm").forEach((node) => node.remove());
    focus();
  }

  // The field that is to be typed into; floor pages have none and hear the scanner alone.
  function focus() {
    const wanted = document.querySelector("[autofocus], [data-focus], input[data-scan]:not([type=hidden])");
    if (!wanted || alarm()) return;
    wanted.focus();
    propose(wanted);
  }

  // What is typed replaces the number that is proposed, unless somebody was faster than this script.
  function propose(field) {
    if (isNumber(field) && field.value === field.defaultValue) field.select();
  }

  // A short list of buttons answers to keys and to command barcodes; both press them.
  function pressed(attribute, value) {
    const found = [...document.querySelectorAll(`[${attribute}]`)].find(
      (node) => node.getAttribute(attribute).toLowerCase() === value.toLowerCase() && isShown(node)
    );
    if (!found) return false;
    if (found.tagName === "DETAILS") found.open = !found.open;
    else found.click();
    return true;
  }

  const isShown = (node) => node.tagName === "DETAILS" || node.getClientRects().length > 0;

  function scanned(code) {
    if (alarm()) return;
    if (code.toUpperCase() === "HELP") return help();
    // A badge and a station's own code mean the same on every page.
    const forms = [...document.querySelectorAll("form[data-prefix]")];
    const everywhere = forms.find((form) => code.toUpperCase().startsWith(form.dataset.prefix));
    if (everywhere) {
      everywhere.elements.scan.value = code;
      return everywhere.submit();
    }
    if (pressed("data-command", code)) return;
    const input = scanField();
    if (!input) return;
    input.value = code;
    submit(input.form);
  }

  // Enter presses a form's first button; a scan must be read as one, whichever that is.
  function submit(form) {
    const button = form.querySelector("[name=do][value=scan]");
    if (button) form.requestSubmit(button);
    else form.requestSubmit();
  }

  function help() {
    const dialog = document.getElementById("help");
    const list = dialog.querySelector("[data-help]");
    list.replaceChildren();
    document.querySelectorAll("[data-key]").forEach((node) => {
      const key = document.createElement("dt");
      const meaning = document.createElement("dd");
      key.textContent = [node.dataset.key.toUpperCase(), node.dataset.command].filter(Boolean).join(" or scan ");
      meaning.textContent = (node.querySelector("summary") || node).firstChild.textContent.trim();
      list.append(key, meaning);
    });
    dialog.showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const now = event.timeStamp;
    const isFast = now - last < BURST_MS;
    last = now;
    if (event.key === "Enter" && isFast && typed.length >= SHORTEST) {
      const code = typed;
      typed = "";
      if (event.target === scanField()) return; // its form is sent, as Enter does
      event.preventDefault();
      event.stopPropagation();
      // A text field keeps what was scanned into it; a number was not meant to be a barcode.
      if (isField(event.target) && event.target.type !== "number") return;
      if (isField(event.target)) event.target.value = event.target.defaultValue;
      scanned(code);
      return;
    }
    typed = event.key.length === 1 ? (isFast ? typed : "") + event.key : "";
    if (isFast || event.repeat) return;
    if (alarm()) {
      if ([" ", "Escape", "Enter"].includes(event.key)) {
        event.preventDefault();
        acknowledge();
      }
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (isNumber(event.target) && /^[a-z?]$/i.test(event.key)) {
      event.preventDefault(); // a letter is no number: it would clear the one that is proposed
    } else if (isField(event.target)) {
      return;
    }
    plain(event);
  }, true);

  // A key may be the first letter of a scan: it counts only when nothing follows it at once.
  function plain(event) {
    const key = event.key;
    if (key === "Enter" && event.target.closest("a, button, summary")) return;
    const at = event.timeStamp;
    setTimeout(() => {
      if (last !== at) return;
      if (key === "?") help();
      else if (pressed("data-key", key) && isNumber(event.target)) event.target.focus(); // the number is typed next
    }, BURST_MS + 10);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-acknowledge]")) acknowledge();
  });

  document.addEventListener("focusin", (event) => propose(event.target));

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
    if (!event.target.matches("[data-all]")) return;
    const boxes = event.target.form.querySelectorAll("input[type=checkbox][name]");
    boxes.forEach((box) => { box.checked = event.target.checked; });
  });

  // A form that is under way is not sent a second time by an impatient finger.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.target === "_blank" || form.method === "dialog") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // The line about the station's printers is fetched again; what it asks comes up without a touch.
  const strip = document.querySelector("[data-poll]");
  async function look() {
    const answer = await fetch(strip.dataset.poll).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const text = await answer.text();
    if (text === strip.dataset.last || strip.contains(document.activeElement)) return;
    if (text.includes("warning") && !strip.querySelector(".warning")) sound(140, 0.5);
    strip.dataset.last = text;
    strip.innerHTML = text;
  }
  if (strip) {
    look();
    setInterval(look, 3000);
  }

  // Success chirps, failure buzzes; a browser that wants a touch first stays silent.
  function sound(frequency, seconds) {
    const context = new AudioContext();
    if (context.state !== "running") return context.close();
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.type = frequency < 300 ? "square" : "sine";
    tone.connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + seconds);
  }

  window.buzz = () => sound(140, 0.5);
  if (alarm()) {
    if (navigator.vibrate && navigator.userActivation && navigator.userActivation.hasBeenActive) navigator.vibrate([200, 100, 200]);
    sound(140, 0.5);
  } else if (document.querySelector(".warning")) {
    sound(140, 0.5);
  } else if (document.querySelector(".done")) {
    sound(1200, 0.08);
  }
  focus();
})();
