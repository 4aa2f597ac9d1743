"use strict";
// Forms with rows of goods (phone order, change, transfer …): type-ahead, pasted addresses, live price. They work without it.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = one("#oms-phone, #oms-edit, #oms-goods");
  if (!form) return;
  // A window that was not in front when the page came gets no autofocus; keys typed in a call must not be lost.
  const first = form.querySelector("[autofocus]");
  if (first) first.focus();
  const field = (name) => form.elements[name];
  const token = () => field("csrfmiddlewaretoken").value;
  const later = (run, ms) => {
    let timer;
    return (...args) => {
      clearTimeout(timer);
      timer = setTimeout(() => run(...args), ms);
    };
  };
  const node = (tag, text, kind) => Object.assign(document.createElement(tag), { textContent: text, className: kind || "" });

  async function ask(url, query) {
    const answer = await fetch(`${url}?${new URLSearchParams(query)}`);
    return answer.ok ? (await answer.json()).found : [];
  }

  // Price and promise, asked anew at every change; an old answer never overwrites a newer one.
  let asked = 0;
  const quote = later(async () => {
    const box = one("#oms-quote");
    if (!box) return;
    const mine = ++asked;
    const answer = await fetch(form.dataset.quote, { method: "POST", body: new FormData(form) });
    const html = await answer.text();
    if (mine === asked && answer.ok) box.innerHTML = html;
  }, 200);

  // What the price proposes is taken over by its button.
  one("#oms-quote")?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    field(button.dataset.fill).value = button.dataset.value;
    quote();
  });

  // A pasted address fills the fields; what is doubtful is yellow until somebody has looked.
  const blob = one("#oms-blob");
  async function readBlob() {
    const body = new URLSearchParams({ blob: blob.value, country: field("country").value, csrfmiddlewaretoken: token() });
    const answer = await fetch(form.dataset.address, { method: "POST", body });
    if (!answer.ok) return;
    const { fields, doubtful } = await answer.json();
    fillAddress(fields, { replaces: true });
    doubtful.forEach((name) => field(name) && field(name).classList.add("oms-doubtful"));
    quote();
  }
  const ADDRESS = ["name", "company", "line1", "line2", "postcode", "city", "region", "country"];
  function fillAddress(fields, { replaces }) {
    ADDRESS.forEach((name) => {
      if (!field(name)) return;
      field(name).classList.remove("oms-doubtful");
      if (replaces) field(name).value = fields[name] || "";
    });
    ["email", "phone"].forEach((name) => {
      if (field(name) && fields[name] && !field(name).value) field(name).value = fields[name];
    });
  }
  if (blob) blob.addEventListener("input", later(readBlob, 250));
  form.addEventListener("input", (event) => event.target.classList.remove("oms-doubtful"));

  // Who calls: people found by phone or e-mail; Enter takes the first, with his last address.
  const callers = one("#oms-callers");
  const look = later(async (text) => {
    const people = text.trim().length < 3 ? [] : await ask(form.dataset.customers, { q: text, channel: field("channel").value });
    callers.replaceChildren(...people.flatMap((person) => callerButtons(person)));
  }, 200);
  function callerButtons(person) {
    const addresses = person.addresses.length ? person.addresses : [null];
    return addresses.map((address) => {
      const where = address ? [address.line1, address.postcode, address.city].filter(Boolean).join(", ") : "no address";
      const button = node("button", "", "oms-button oms-small");
      button.type = "button";
      button.append(node("strong", person.name || person.email || person.phone), node("span", where, "oms-dim"));
      button.append(node("span", person.orders === 1 ? "1 order" : `${person.orders} orders`, "oms-dim"));
      button.addEventListener("click", () => takeCaller(person, address));
      return button;
    });
  }
  function takeCaller(person, address) {
    if (person.phone) field("phone").value = person.phone;
    if (person.email) field("email").value = person.email;
    fillAddress(address || { name: person.name }, { replaces: true });
    callers.replaceChildren();
    firstEmpty().focus();
    quote();
  }

  // Goods: a list under the field, arrows and Enter; a new row comes by itself.
  const rows = one("#oms-rows");
  const list = node("ul", "", "oms-suggest");
  list.hidden = true;
  const skuFields = () => (rows ? all("input[name=sku]", rows) : []);
  const firstEmpty = () => skuFields().find((input) => !input.value) || skuFields()[0] || form.elements[0];
  let under = null;
  const suggest = later(async (input) => {
    const found = input.value.trim() ? await ask(form.dataset.skus, { q: input.value, channel: field("channel")?.value || "", place: field("source")?.value || "" }) : [];
    if (document.activeElement !== input) return;
    under = input;
    input.closest("td").append(list);
    list.replaceChildren(...found.map(suggestion));
    list.hidden = !found.length;
    if (list.firstChild) list.firstChild.classList.add("oms-on");
  }, 120);
  function suggestion(sku) {
    const row = node("li", "");
    row.sku = sku;
    const stock = sku.available === null ? "always there" : sku.available > 0 ? `${sku.available} available` : "none available";
    row.append(node("strong", sku.code), node("span", sku.name), node("span", sku.price === undefined ? stock : `${sku.price || "no price"} · ${stock}`, "oms-dim"));
    row.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(sku);
    });
    return row;
  }
  function take(sku) {
    const row = under.closest("tr");
    under.value = sku.code;
    one("[data-about]", row).textContent = sku.name;
    list.hidden = true;
    one("[name=quantity]", row).focus();
    one("[name=quantity]", row).select();
    addRow();
    quote();
  }
  function addRow() {
    if (skuFields().some((input) => !input.value)) return;
    const row = rows.rows[rows.rows.length - 1].cloneNode(true);
    all("input", row).forEach((input) => (input.value = ""));
    all("[data-about]", row).forEach((about) => (about.textContent = ""));
    all(".oms-suggest", row).forEach((old) => old.remove());
    rows.append(row);
  }
  function move(by) {
    const items = [...list.children];
    const at = items.findIndex((item) => item.classList.contains("oms-on")) + by;
    items.forEach((item, i) => item.classList.toggle("oms-on", i === Math.min(Math.max(at, 0), items.length - 1)));
  }

  form.addEventListener("input", (event) => {
    const input = event.target;
    if (input.name === "sku") suggest(input);
    if (callers && (input.name === "phone" || input.name === "email")) look(input.value);
    // A SKU that is still being typed is not wrong yet.
    if (input !== blob && input.name !== "sku") quote();
  });
  form.addEventListener("change", (event) => event.target.name === "sku" && quote());
  form.addEventListener("focusout", (event) => {
    if (event.target.name === "sku") setTimeout(() => (list.hidden = true), 150);
  });
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (event.ctrlKey || event.metaKey) return;
    if (!list.hidden && input.name === "sku" && event.key.startsWith("Arrow")) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.key !== "Enter" || input.matches("textarea, button")) return;
    event.preventDefault();
    enter(input);
  });
  function enter(input) {
    const on = one(".oms-on", list);
    if (input.name === "sku" && !list.hidden && on) return take(on.sku);
    if (callers && callers.firstChild && (input.name === "phone" || input.name === "email")) return callers.firstChild.click();
    if (input.name === "quantity" || input.name === "price") {
      addRow();
      return firstEmpty().focus();
    }
    const inputs = all("input:not([type=hidden]), select, textarea", form);
    return inputs[inputs.indexOf(input) + 1]?.focus();
  }
  if (one("#oms-quote") && skuFields().some((input) => input.value)) quote();
})();
