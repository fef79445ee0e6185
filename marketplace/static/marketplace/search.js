/* Search fields with suggestions: the list comes by htmx, this moves in it. Pages work without. */
(function () {
  "use strict";

  function boxOf(node) { return node.closest ? node.closest("[data-search-box]") : null; }
  function fieldOf(box) { return box.querySelector("input[type=search]"); }
  function listOf(box) { return box.querySelector("[role=listbox]"); }
  function options(box) { return Array.from(listOf(box).querySelectorAll("[role=option]")); }

  /* Without script the field is a plain one; what promises a list is said only now. */
  function prepare() {
    document.querySelectorAll("[data-search-box]").forEach(function (box) {
      var field = fieldOf(box);
      if (field.getAttribute("role") === "combobox") return;
      field.setAttribute("role", "combobox");
      field.setAttribute("aria-autocomplete", "list");
      field.setAttribute("aria-expanded", "false");
      field.setAttribute("aria-controls", listOf(box).id);
    });
  }

  function choose(box, option) {
    options(box).forEach(function (one) { one.setAttribute("aria-selected", String(one === option)); });
    if (option) {
      fieldOf(box).setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      fieldOf(box).removeAttribute("aria-activedescendant");
    }
  }

  function show(box, wanted) {
    var shown = wanted && options(box).length > 0;
    listOf(box).hidden = !shown;
    fieldOf(box).setAttribute("aria-expanded", String(shown));
    if (!shown) choose(box, null);
  }

  function move(box, step) {
    var all = options(box);
    show(box, true);
    var at = all.findIndex(function (one) { return one.getAttribute("aria-selected") === "true"; });
    /* Before the first and after the last stands the field itself. */
    var next = at < 0 && step < 0 ? all.length - 1 : at + step;
    choose(box, next < 0 || next >= all.length ? null : all[next]);
  }

  document.addEventListener("htmx:afterSwap", function (event) {
    prepare();
    var box = boxOf(event.target);
    if (!box || event.target !== listOf(box)) return;
    options(box).forEach(function (one, number) { one.id = listOf(box).id + "-" + number; });
    var said = listOf(box).querySelector("[data-status]");
    box.querySelector("[role=status]").textContent = said ? said.textContent : "";
    if (said) said.remove();
    /* An answer that comes after the field was left has nothing to say. */
    show(box, document.activeElement === fieldOf(box));
  });

  document.addEventListener("keydown", function (event) {
    var box = boxOf(event.target);
    if (box && event.target === fieldOf(box)) {
      if (event.isComposing) return;
      var shown = !listOf(box).hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!options(box).length) return;
        event.preventDefault();
        move(box, event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Escape" && shown) {
        /* The first Escape closes the list and keeps what was typed. */
        event.preventDefault();
        show(box, false);
      } else if (event.key === "Enter") {
        var chosen = shown && listOf(box).querySelector("[aria-selected=true]");
        if (chosen) {
          event.preventDefault();
          chosen.click();
        }
        show(box, false);
      }
      return;
    }
    /* A slash goes to the search field, unless somebody is writing. */
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest && event.target.closest("input, textarea, select, [contenteditable]")) return;
    var fields = Array.from(document.querySelectorAll("[data-search-box] input[type=search]"));
    var field = fields.find(function (one) { return one.offsetParent !== null; });
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  document.addEventListener("focusout", function (event) {
    var box = boxOf(event.target);
    if (box && !box.contains(event.relatedTarget)) show(box, false);
  });
  /* Pressing a suggestion leaves the focus in the field: leaving it would close the list first. */
  document.addEventListener("mousedown", function (event) {
    var box = boxOf(event.target);
    if (box && listOf(box).contains(event.target)) event.preventDefault();
  });

  prepare();
})();
