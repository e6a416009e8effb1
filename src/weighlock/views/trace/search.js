(function () {
  var place = document.querySelector(".search");
  var box = document.createElement("input");
  box.type = "search";
  box.placeholder = "id, word, path, phase";
  box.setAttribute("aria-label", "Show only rows with these words");
  box.addEventListener("input", function () {
    var words = box.value.toLowerCase().split(/\s+/);
    document.querySelectorAll("tbody tr").forEach(function (row) {
      var text = row.textContent.toLowerCase();
      row.hidden = !words.every(function (word) { return text.includes(word); });
    });
  });
  place.appendChild(box);
  place.hidden = false;
})();
