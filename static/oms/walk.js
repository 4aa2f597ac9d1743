// A walk that goes on without a connection. While there is one the server leads, step by step; when a scan does
// not get through, the page goes on alone by the plan it was given, keeps what was done, and sends it once.
"use strict";
(() => {
  const MOST_SCANS = 3;
  const AGAIN_MS = 2000;
  const section = document.querySelector(".task[data-list]");
  if (!section) return;
  const key = `walk:${section.dataset.list}`;
  const plan = JSON.parse(document.getElementById("plan").textContent);
  const token = section.querySelector("[name=csrfmiddlewaretoken]").value;
  let acts = JSON.parse(localStorage.getItem(key) || "[]");
  let step = section.dataset.step;
  let got = Number(section.dataset.got);
  let isAlone = false;

  const send = (url, body, type) => fetch(url, {
    method: "POST", body, headers: Object.assign({"X-CSRFToken": token, "X-Walk": "1"}, type && {"Content-Type": type}),
  });

  // While there is a connection: the server says where to go. A message that it has for us is on that page.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!section.contains(form)) return;
    event.preventDefault();
    event.stopPropagation();
    const data = new FormData(form, event.submitter);
    if (isAlone) return alone(data);
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    let answer;
    try {
      answer = await send(location.pathname, data);
    } catch {
      delete form.dataset.sent;
      goAlone();
      return alone(data);
    }
    // Anything but a next page is the server's to explain: logged out, no permission, an error.
    if (answer.ok && !answer.redirected) location.assign((await answer.json()).next);
    else location.reload();
  }, true);

  function goAlone() {
    isAlone = true;
    section.dataset.alone = "1";
    for (const act of acts) done(act);
    setInterval(sync, AGAIN_MS);
  }

  async function sync() {
    if (!acts.length && !isAlone) return;
    const sent = acts.length;
    try {
      const answer = await send(section.dataset.sync, JSON.stringify({acts: acts.slice(0, sent)}), "application/json");
      if (answer.redirected) return put("alone", "You were logged out. Log in again: what you picked is kept here.");
      if (!answer.ok) return;
    } catch {
      return;
    }
    acts = acts.slice(sent);
    keep();
    if (!acts.length) location.assign(location.pathname);
  }

  const keep = () => (acts.length ? localStorage.setItem(key, JSON.stringify(acts)) : localStorage.removeItem(key));

  // Alone: the same steps as the server's, by the plan.
  function alone(data) {
    const task = plan.find((row) => row.task === Number(data.get("task")));
    const what = data.get("do") || "scan";
    if (!task || task !== plan[0] || what === "undo" || what === "pause") return refuse("That needs the connection.");
    const count = Number(data.get("count") || 0);
    if (what === "bin") step = "item";
    else if (what === "count") take(task, count || task.left);
    else if (what === "short") lack(task, count, data.get("reason"));
    else scanned(task, (data.get("scan") || "").trim().toUpperCase());
    show();
  }

  function scanned(task, code) {
    if (step === "bin" && task.bin) {
      if (code !== task.bin.toUpperCase()) return wrong(task, code, `This is ${code || "nothing"}. Go to ${task.bin}.`);
      step = "item";
      return;
    }
    if (step === "tote") {
      const isRight = [task.tote_code, String(task.tote)].includes(code);
      if (!isRight) return wrong(task, code, `This is ${code || "nothing"}. Put it into tote ${task.tote}.`);
      return putIn(task, got);
    }
    const pieces = task.codes[code];
    if (!pieces) return wrong(task, code, `${code || "Nothing"} is not ${task.sku}. Take ${task.sku}.`);
    if (task.left > MOST_SCANS && pieces < task.left) {
      step = "count";
      return;
    }
    got = Math.min(got + pieces, task.left);
    if (got === task.left) take(task, got);
  }

  function take(task, count) {
    if (!(count > 0 && count <= task.left)) return refuse(`Take ${task.left} pieces of ${task.sku}, not ${count}.`);
    if (section.dataset.totes) {
      got = count;
      step = "tote";
      return;
    }
    putIn(task, count);
  }

  const putIn = (task, count) => remember({task: task.task, picked: task.picked + count, short: ""});

  // A refused scan changes nothing here; the server is told, so that errors can be traced. By its moment it counts once.
  function wrong(task, code, text) {
    if (code) acts.push({task: task.task, picked: 0, short: "", wrong: code, at: step, when: Date.now()});
    keep();
    refuse(text);
  }

  function lack(task, count, reason) {
    if (count >= task.left) return refuse(`With ${count} pieces nothing is short: confirm the count instead.`);
    remember({task: task.task, picked: count ? task.picked + count : 0, short: reason});
  }

  function remember(act) {
    acts.push(act);
    keep();
    done(act);
  }

  // Bring the plan to where it is after an act.
  function done(act) {
    if (act.wrong) return;
    const at = plan.findIndex((row) => row.task === act.task);
    if (at < 0) return;
    const taken = act.picked ? act.picked - plan[at].picked : 0;
    plan[at].left -= taken;
    plan[at].picked += taken;
    if (act.short || plan[at].left <= 0) plan.splice(at, 1);
    step = plan.length && plan[0].bin ? "bin" : "item";
    got = 0;
  }

  function refuse(text) {
    const alarm = document.createElement("div");
    alarm.className = "alarm";
    alarm.setAttribute("role", "alertdialog");
    const words = document.createElement("p");
    words.textContent = text;
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.acknowledge = "1";
    button.textContent = "OK (Space)";
    alarm.append(words, button);
    document.querySelector("main").prepend(alarm);
    window.buzz();
  }

  const put = (name, text) => section.querySelectorAll(`[data-is=${name}]`).forEach((node) => { node.textContent = text; });

  function show() {
    const task = plan[0];
    put("alone", `No connection. ${acts.filter((act) => !act.wrong).length} picks are kept here and sent when it is back.`);
    section.querySelectorAll("[data-online]").forEach((node) => { node.hidden = true; });
    section.querySelector("[data-walk]").hidden = !task;
    if (!task) return put("bin", "All picked. Keep this page open.");
    put("bin", task.bin || "no bin");
    put("left", task.left);
    put("sku", task.sku);
    put("name", task.name + (task.lot ? `, lot ${task.lot}` : ""));
    put("tote", task.tote || "–");
    section.dataset.step = step;
    section.querySelectorAll("[name=task]").forEach((node) => { node.value = task.task; });
    section.querySelectorAll("[data-at]").forEach((node) => { node.hidden = !node.dataset.at.includes(step); });
    put("asked", step === "bin" ? "Scan the bin" : step === "tote" ? `Scan tote ${task.tote}` : `Scan the item${got ? ` (${got} of ${task.left})` : ""}`);
    section.querySelectorAll("[name=count]").forEach((node) => { node.max = task.left; });
    section.querySelectorAll("[data-all-left]").forEach((node) => { node.value = node.defaultValue = task.left; });
    const scan = section.querySelector("[name=scan]");
    scan.value = "";
    scan.form.toggleAttribute("data-scan", step !== "count");
    if (step === "count") section.querySelector("[data-at=count] [name=count]").focus();
    else if (document.activeElement) document.activeElement.blur();
  }

  if (acts.length) {
    goAlone();
    show();
    sync();
  }
})();
