/* Moves labels that would cover one another apart, and ties each moved one to its place. */
function spreadLabels(map) {
  var TURNS = 120, GAP = 2, TIED_PX = 12, STEP_PX = 22;
  function overlap(a, b) {
    var dx = b.x - a.x, dy = b.y - a.y;
    var wide = (a.wide + b.wide) / 2 + GAP - Math.abs(dx);
    var high = (a.high + b.high) / 2 + GAP - Math.abs(dy);
    if (wide <= 0 || high <= 0) { return false; }
    if (wide < high) {
      var across = (dx < 0 ? -wide : wide) / 2;
      a.x -= across; b.x += across;
    } else {
      var along = (dy < 0 ? -high : high) / 2;
      a.y -= along; b.y += along;
    }
    return true;
  }
  function labels() {
    var icons = Array.from(map.getPane("labels").querySelectorAll(".map-label"));
    var taken = {};
    return icons.map(function (icon) {
      var chip = icon.firstElementChild, home = L.DomUtil.getPosition(icon);
      // Labels of one place begin as a column in their own order, and stay one.
      var place = home.x + " " + home.y;
      taken[place] = (taken[place] || 0) + 1;
      return { chip: chip, home: home, x: home.x, y: home.y + (taken[place] - 1) * STEP_PX,
               wide: chip.offsetWidth, high: chip.offsetHeight };
    });
  }
  function tie(label, pane) {
    var dx = label.x - label.home.x, dy = label.y - label.home.y;
    label.chip.style.transform = "translate(calc(-50% + " + dx + "px), calc(-50% + " + dy + "px))";
    if (Math.hypot(dx, dy) < TIED_PX) { return; }
    var line = L.DomUtil.create("div", "map-leader", pane);
    line.style.left = label.home.x + "px";
    line.style.top = label.home.y + "px";
    line.style.width = Math.hypot(dx, dy) + "px";
    line.style.transform = "rotate(" + Math.atan2(dy, dx) + "rad)";
  }
  function clear() { map.getPane("leaders").replaceChildren(); }
  function spread() {
    var all = labels();
    for (var turn = 0, moved = true; moved && turn < TURNS; turn += 1) {
      moved = false;
      for (var i = 0; i < all.length; i += 1) {
        for (var j = i + 1; j < all.length; j += 1) {
          moved = overlap(all[i], all[j]) || moved;
        }
      }
    }
    clear();
    all.forEach(function (label) { tie(label, map.getPane("leaders")); });
  }
  var waiting = 0;
  function soon() {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(spread);
  }
  map.on("zoomstart", clear);
  map.on("zoomend viewreset resize", spread);
  map.on("layeradd layerremove", soon);
  soon();
}
