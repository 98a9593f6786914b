"use strict";
(function () {
  var $ = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  document.documentElement.classList.add("js");

  var languages = $('input[name="lang"]');
  function speak() {
    languages.forEach(function (input) { if (input.checked) { document.documentElement.lang = input.value; } });
  }
  languages.forEach(function (input) { input.addEventListener("change", speak); });
  speak();

  var search = document.getElementById("search");
  var cases = $(".case");
  var texts = cases.map(function (item) {
    return $(".case-title, .case-id, .checks", item).map(function (part) { return part.textContent; }).join(" ").toLowerCase();
  });
  function hunt() {
    var words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    cases.forEach(function (item, at) {
      item.classList.toggle("missed", !words.every(function (word) { return texts[at].indexOf(word) >= 0; }));
    });
    tally();
  }
  function tally() {
    var seen = cases.filter(function (item) { return item.offsetParent !== null; }).length;
    $(".tally b").forEach(function (place) { place.textContent = seen + " / " + cases.length; });
    document.getElementById("nothing").hidden = seen !== 0;
  }
  search.addEventListener("input", hunt);
  $("body > input").forEach(function (input) { input.addEventListener("change", tally); });
  hunt();

  $(".chapter-link").forEach(function (link) {
    link.addEventListener("click", function () { document.getElementById(link.getAttribute("data-for")).click(); });
  });

  function reveal() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) { return; }
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
      if (node.classList && node.classList.contains("missed")) { search.value = ""; hunt(); }
    }
    target.scrollIntoView({ block: "start" });
  }
  window.addEventListener("hashchange", reveal);
  $('a[href^="#"]').forEach(function (link) {
    link.addEventListener("click", function () { if (link.hash === location.hash) { reveal(); } });
  });
  reveal();

  document.getElementById("open-all").addEventListener("click", function () { cases.forEach(function (item) { item.open = true; }); });
  document.getElementById("close-all").addEventListener("click", function () { cases.forEach(function (item) { item.open = false; }); });

  $(".command").forEach(function (command) {
    var button = command.appendChild(document.getElementById("copy").content.firstElementChild.cloneNode(true));
    button.addEventListener("click", function () {
      var text = command.querySelector("code").textContent;
      function done() { button.classList.add("done"); setTimeout(function () { button.classList.remove("done"); }, 1600); }
      if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(text).then(done); return; }
      var area = document.createElement("textarea");
      area.value = text; document.body.appendChild(area); area.select();
      if (document.execCommand("copy")) { done(); }
      area.remove();
    });
  });

  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = $("details.case, details.always").filter(function (item) { return !item.open; });
    closed.forEach(function (item) { item.open = true; });
  });
  window.addEventListener("afterprint", function () { closed.forEach(function (item) { item.open = false; }); });
})();
