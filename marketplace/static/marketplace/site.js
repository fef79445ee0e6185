/* Small help on top of pages that work without it. No state is kept here. */
(function () {
  "use strict";

  /* A double click must not send a form twice; the server refuses it too. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method.toLowerCase() !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  });
  /* Back from the browser's memory: the form may be sent again. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  });

  /* Buttons that only make sense with script are hidden until now. */
  document.querySelectorAll("[data-needs-script]").forEach(function (node) { node.hidden = false; });

  document.addEventListener("click", function (event) {
    var copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(function () {
        var status = copy.parentElement.querySelector("[role=status]");
        if (status) status.textContent = copy.dataset.done || "";
      });
    }
    if (event.target.closest("[data-print]")) window.print();
    /* A menu made of <details> closes when something else is pressed. */
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  /* How much of a limited text is left. */
  document.querySelectorAll("[data-counter]").forEach(function (output) {
    var control = document.getElementById(output.dataset.counter);
    if (!control) return;
    var show = function () { output.textContent = Array.from(control.value).length + " / " + output.dataset.limit; };
    control.addEventListener("input", show);
    show();
  });

  /* After a refused form the summary of errors is read first. */
  var summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  /* Paper shows what the screen keeps folded. */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details:not([open])").forEach(function (node) {
      node.open = true;
      node.dataset.printed = "1";
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-printed]").forEach(function (node) {
      node.open = false;
      delete node.dataset.printed;
    });
  });
})();
