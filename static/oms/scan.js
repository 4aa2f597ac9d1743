"use strict";
// Scanners are keyboards that type fast and press Enter: what they read goes to the field [data-scan],
// wherever the focus is. Success chirps; a failure buzzes and stays until somebody acknowledges it.
document.addEventListener("DOMContentLoaded", () => {
  const BURST_MS = 60;
  const LONE_KEY_MS = 180;
  const field = document.querySelector("[data-scan]");
  const alert = document.querySelector("[role=alert]");
  let burst = "";
  let last = 0;
  let lone = null;

  const isTyping = (target) => target.matches("input, select, textarea") && target !== field;

  function tone(hertz, from, seconds, sound) {
    const wave = sound.createOscillator();
    wave.type = hertz < 300 ? "square" : "sine";
    wave.frequency.value = hertz;
    wave.connect(sound.destination);
    wave.start(sound.currentTime + from);
    wave.stop(sound.currentTime + from + seconds);
  }
  function play(level) {
    const sound = new AudioContext();
    if (level === "error") tone(160, 0, 0.5, sound);
    else [880, 1320].forEach((hertz, i) => tone(hertz, i * 0.08, 0.07, sound));
  }
  const said = document.querySelector("[data-sound]");
  if (said) play(alert ? "error" : said.dataset.sound);

  function dismiss() {
    document.querySelectorAll("[role=alert]").forEach((box) => box.remove());
    if (field) field.focus();
  }
  document.querySelectorAll("[data-dismiss]").forEach((button) => button.addEventListener("click", dismiss));
  if (alert) alert.querySelector("[data-dismiss]").focus();
  else if (field) field.focus();

  // What is typed replaces the number that is proposed.
  document.querySelectorAll("input[type=number]").forEach((box) => {
    box.addEventListener("focus", () => box.select());
    if (box === document.activeElement) box.select();
  });

  // A single key in the empty scan field is a command of a button; the first of many is a code.
  function command(event) {
    clearTimeout(lone);
    if ((field && field.value) || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    lone = setTimeout(() => {
      if (field) field.value = "";
      button.click();
    }, LONE_KEY_MS);
  }

  document.addEventListener("keydown", (event) => {
    if (event.target.type === "number" && /^[a-z]$/i.test(event.key) && !event.ctrlKey) {
      event.preventDefault(); // a letter is no number: it would clear the one that is proposed
      return command(event);
    }
    if (isTyping(event.target)) return;
    const now = performance.now();
    if (event.target === field) return command(event);
    if (now - last > BURST_MS) burst = "";
    last = now;
    if (event.key.length === 1) {
      burst += event.key;
    } else if (event.key === "Enter" && burst.length > 2 && field) {
      event.preventDefault();
      dismiss();
      field.value = burst;
      field.form.requestSubmit();
      burst = "";
    }
  });

  // Enter twice is not two bookings.
  document.querySelectorAll("form").forEach((form) =>
    form.addEventListener("submit", () => {
      if (form.target !== "_blank") setTimeout(() => form.querySelectorAll("button").forEach((one) => (one.disabled = true)));
    })
  );
  addEventListener("pageshow", () => document.querySelectorAll("form button").forEach((one) => (one.disabled = false)));

  document.querySelectorAll("[data-toggle]").forEach((button) =>
    button.addEventListener("click", () => {
      const box = document.getElementById(button.dataset.toggle);
      box.checked = !box.checked;
      if (field) field.focus();
    })
  );
});
