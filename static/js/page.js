// Enhancements only: every page works without this file.
(function () {
  var page = document;

  function say(text) {
    var live = page.getElementById("said");
    if (live) live.textContent = text;
  }

  function copy(button) {
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      var label = button.querySelector(".lbl");
      var before = label.textContent;
      label.textContent = button.dataset.copied;
      say(button.dataset.copied + ": " + button.dataset.copy);
      setTimeout(function () { label.textContent = before; }, 2000);
    });
  }

  function closeMenus(except) {
    page.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(except)) menu.open = false;
    });
  }

  page.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (button && navigator.clipboard) copy(button);
    var opener = event.target.closest("[data-opens]");
    var dialog = opener && page.getElementById(opener.dataset.opens);
    if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); }
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
    closeMenus(event.target);
  });

  page.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var menu = page.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // The server refuses a second press too; this only shows that the first one counted.
  page.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (event.defaultPrevented || form.method !== "post") return;
    form.dataset.sent = "yes";
    var button = event.submitter;
    if (!button || !button.classList.contains("btn")) return;
    button.setAttribute("aria-busy", "true");
    var label = button.querySelector("span");
    if (!label || !button.dataset.busy) return;
    button.dataset.label = label.textContent;
    label.textContent = button.dataset.busy;
  });
  function ready(where) {
    where.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll(".btn[aria-busy]").forEach(function (button) {
        button.removeAttribute("aria-busy");
        if (button.dataset.label) button.querySelector("span").textContent = button.dataset.label;
      });
    });
  }
  addEventListener("pageshow", function () { ready(page); });
  page.addEventListener("htmx:afterRequest", function () { ready(page); });

  // After an error the reader starts at the summary.
  function toErrors(where) {
    var summary = where.querySelector("[data-focus]");
    if (summary) summary.focus();
  }
  toErrors(page);
  page.addEventListener("htmx:afterSwap", function (event) { toErrors(event.target); });
})();
