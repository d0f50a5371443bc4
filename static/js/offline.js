// Keeps what an inspector types on the device, and sends it when the network is back.
// Forms with data-keep only; without this file they are ordinary forms.
(function () {
  var PREFIX = "kept:";
  var form = document.querySelector("form[data-keep]");
  var banner = document.querySelector("[data-waiting]");
  if (!form || !window.localStorage) return;
  var key = PREFIX + form.dataset.keep;

  function typed() {
    return Array.from(new FormData(form)).filter(function (pair) {
      return pair[0] !== "csrfmiddlewaretoken";
    });
  }

  function remember() {
    try { localStorage.setItem(key, JSON.stringify(typed())); } catch (full) { /* the form still works */ }
  }

  function restore() {
    var kept = localStorage.getItem(key);
    if (!kept || form.querySelector(".err")) return;
    JSON.parse(kept).forEach(function (pair) {
      var field = form.elements[pair[0]];
      if (!field) return;
      if (field.type === "checkbox") field.checked = true;
      else if ("value" in field) field.value = pair[1];
    });
  }

  function show() { if (banner) banner.hidden = navigator.onLine; }

  form.addEventListener("input", remember);
  form.addEventListener("submit", function (event) {
    remember();
    if (navigator.onLine) { localStorage.removeItem(key); return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.waits = "yes";
    show();
  });
  addEventListener("online", function () {
    show();
    if (form.dataset.waits) form.requestSubmit();
  });
  addEventListener("offline", show);
  restore();
  show();
})();
