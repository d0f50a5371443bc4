// Keeps what an inspector types on the device, and sends it when the network is back.
// Forms with data-keep only; without this file they are ordinary forms.
(function () {
  var PREFIX = "kept:";
  var form = document.querySelector("form[data-keep]");
  var banner = document.querySelector("[data-waiting]");
  if (!form || !window.localStorage) return;
  var key = PREFIX + form.dataset.keep;

  function remember(sent) {
    var typed = Array.from(new FormData(form)).filter(function (pair) {
      return pair[0] !== "csrfmiddlewaretoken" && typeof pair[1] === "string"; // no photos
    });
    try {
      localStorage.setItem(key, JSON.stringify({ typed: typed, sent: sent }));
    } catch (full) { /* the form works without */ }
  }

  // What was sent is dropped once the server shows it; until then it is put back.
  function restore() {
    var kept = JSON.parse(localStorage.getItem(key) || "null");
    if (!kept || form.querySelector(".err")) return;
    if (kept.sent && "saved" in form.dataset) { localStorage.removeItem(key); return; }
    kept.typed.forEach(function (pair) {
      var field = form.elements[pair[0]];
      if (!field) return;
      if (field.type === "checkbox") field.checked = true;
      else if ("value" in field) field.value = pair[1];
    });
  }

  function show() { if (banner) banner.hidden = navigator.onLine; }

  form.addEventListener("input", function () { remember(false); });
  form.addEventListener("submit", function (event) {
    remember(navigator.onLine);
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.waits = "yes";
    show();
    if (banner) banner.scrollIntoView({ block: "center" });
  });
  addEventListener("online", function () {
    show();
    if (form.dataset.waits) form.requestSubmit();
  });
  addEventListener("offline", show);
  restore();
  show();
})();
