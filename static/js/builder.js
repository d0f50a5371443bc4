/*
 * The contract builder: saves the draft while it is written and shows the live score.
 * An enhancement: without it “Save draft” does the same, and the server draws every score.
 *
 * Markup: <form data-draft> with its messages as data-saving, data-not-saved, data-refused and
 * data-elsewhere; #saved with [data-saved-text]. The answer of the autosave holds elements with
 * ids; each takes the place of the one on the page.
 */
(function () {
  "use strict";

  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const WAIT = 1500;
  const RETRY = 10000;
  const TONES = { clear: "ok", detail: "held", vague: "bad" };
  let timer;
  let unsaved = false;
  let saving = false;
  let leaving = false;

  function say(text) {
    const place = document.querySelector("#saved [data-saved-text]");
    if (place && place.textContent !== text) place.textContent = text;
  }

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  async function save() {
    if (saving) return later(WAIT);
    clearTimeout(timer);
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("do", "save");
    saving = true;
    unsaved = false;
    say(form.dataset.saving);
    try {
      const headers = { "X-Autosave": "1" };
      const answer = await fetch(form.action, { method: "POST", body: data, headers });
      if (answer.redirected) throw new Error("signed out");
      if (answer.ok) return show(await answer.text());
      say(answer.status === 409 ? form.dataset.elsewhere : form.dataset.refused);
      unsaved = true;
    } catch {
      say(form.dataset.notSaved);
      unsaved = true;
      later(RETRY);
    } finally {
      saving = false;
    }
  }

  /** Put the saved state in place, except where the reader's focus is. */
  function show(html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    for (const part of answer.querySelectorAll("[id]")) {
      const here = document.getElementById(part.id);
      if (here && !here.contains(document.activeElement)) here.replaceWith(part);
    }
    if (unsaved) later(WAIT);
  }

  /** The score is painted by clarity.js as text and data-level; this draws the rest. */
  function draw(element) {
    const level = element.dataset.level;
    if (element.hasAttribute("data-clarity-score")) return drawDial(element, level);
    element.classList.toggle("vague", level === "vague");
    const chip = element.querySelector("[data-clarity-chip]");
    if (!chip) return undefined;
    chip.classList.remove(...Object.values(TONES));
    chip.classList.add(TONES[level]);
    for (const icon of chip.querySelectorAll("[data-for-level]")) {
      icon.hidden = icon.dataset.forLevel !== level;
    }
    return undefined;
  }

  function drawDial(board, level) {
    const dial = board.querySelector("[data-clarity-dial]");
    const total = board.querySelector("[data-clarity-total]");
    if (!dial || !total) return;
    const score = total.textContent;
    dial.classList.remove(...Object.values(TONES));
    if (TONES[level]) dial.classList.add(TONES[level]);
    dial.setAttribute("aria-label", dial.getAttribute("aria-label").replace(/\d+/, score));
    dial.querySelector(".value").setAttribute("stroke-dasharray", `${score} 100`);
    dial.querySelector("text").textContent = score;
  }

  function redraw(changes) {
    for (const change of changes) {
      const line = change.target.closest("[data-clarity-line], [data-clarity-score]");
      if (line) draw(line);
    }
  }

  // The closed card shows what is being typed in its fields.
  function retitle(line) {
    const value = (name) => line.querySelector(`[name$="-${name}"]`).value.trim();
    const [name, text] = line.querySelectorAll(".sum > *");
    if (value("characteristic")) name.textContent = value("characteristic");
    if (value("requirement")) text.textContent = `${value("requirement")} ${value("unit")}`.trim();
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || event.target.matches("[data-waits]")) return;
    unsaved = true;
    later(WAIT);
    const line = event.target.closest("[data-clarity-line]");
    if (line) retitle(line);
  });
  form.addEventListener("focusout", () => { if (unsaved) later(200); });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  addEventListener("beforeunload", (event) => {
    const waiting = form.querySelector("[data-waits]");
    if ((unsaved || (waiting && waiting.value.trim())) && !leaving) event.preventDefault();
  });
  // clarity.js writes data-level with every painting: that alone is listened to.
  const options = { subtree: true, attributes: true, attributeFilter: ["data-level"] };
  new MutationObserver(redraw).observe(document.getElementById("main"), options);
  // A link to a line opens it.
  function reveal() {
    const line = location.hash && document.getElementById(location.hash.slice(1));
    if (line && line.matches("details")) line.open = true;
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
