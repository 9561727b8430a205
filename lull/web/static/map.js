// The map that moves takes the place of the drawn picture, where the browser can; else that stays.
// What is on it, how it looks and what it says comes from the server: nothing is shown here that is
// not in the table as well.
"use strict";
const box = document.getElementById("moving");
const picture = document.getElementById("chart");
const ICON = 34; // pixels: shapes lie within 30 units
const NEAR = 15; // the zoom at which a single place is shown

/** Whether the browser draws with WebGL 2, which the library needs. */
function canDraw() {
  try {
    const tried = document.createElement("canvas").getContext("webgl2");
    tried?.getExtension("WEBGL_lose_context")?.loseContext();
    return Boolean(tried);
  } catch {
    return false;
  }
}

function instead(moves) {
  box.hidden = !moves;
  box.classList.toggle("waiting", false);
  picture?.classList.toggle("drawn", moves);
}

function element(name, text = "", more = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(more)) made.setAttribute(key, value);
  return made;
}

/** The shape of a look with the number of its line in the table, as an image. */
function image(id, drawing) {
  const parts = /^(.*?)(-shut)?-(\d+)$/.exec(id);
  const shape = parts && drawing.shapes[parts[1]];
  if (!shape) return null;
  const ratio = Math.max(2, Math.ceil(window.devicePixelRatio || 1));
  const canvas = element("canvas");
  canvas.width = canvas.height = ICON * ratio;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.scale(ratio, ratio);
  pen.translate(ICON / 2, ICON / 2);
  const path = new Path2D(shape.path);
  pen.fillStyle = drawing.colours.fill;
  pen.strokeStyle = parts[2] ? drawing.colours.shut : shape.colour;
  pen.lineWidth = 2;
  pen.fill(path);
  pen.stroke(path);
  pen.fillStyle = drawing.colours.text;
  pen.font = "600 11px 'Noto Sans', 'DejaVu Sans', sans-serif";
  pen.textAlign = "center";
  pen.fillText(parts[3], 0, 4);
  return { data: pen.getImageData(0, 0, canvas.width, canvas.height), ratio };
}

/** What a popup says, built of texts alone. */
function card(of, place, drawing) {
  const made = element("div", "", { dir: drawing.direction });
  const title = element("strong");
  title.append(element("bdi", of.name));
  const list = element("dl");
  for (const [label, text] of of.told.said) {
    const said = element("dd");
    said.append(element("bdi", text));
    list.append(element("dt", label), said);
  }
  made.append(title, list);
  for (const [name, where] of place === undefined ? of.told.places : [of.told.places[place]]) {
    const line = element("div");
    line.append(element("bdi", name), " ", element("bdi", where, { dir: "ltr", class: "code" }));
    made.append(line);
  }
  made.append(element("a", drawing.words.open, { href: of.told.link }));
  return made;
}

/** The numbered things of the answer, each with its places as the table has them. */
function things(answer) {
  const found = new Map();
  for (const { geometry, properties } of answer.features) {
    const of = found.get(properties.number) ?? {
      name: properties.name, told: answer.drawing.told[properties.number], at: [] };
    if (geometry.type === "Point") {
      properties.nth = of.at.length;
      of.at.push(geometry.coordinates);
    }
    found.set(properties.number, of);
  }
  return found;
}

function around(points, bounds, library) {
  if (!points.length) return bounds;
  const all = new library.LngLatBounds();
  for (const point of points) all.extend(point);
  return all;
}

/** Move the map so that a popup lies within it. */
function bringIn(map, popup) {
  const [of, inside] = [box.getBoundingClientRect(), popup.getBoundingClientRect()];
  const over = (from, to, least, most) => Math.min(0, from - least) || Math.max(0, to - most);
  const across = over(inside.left, inside.right, of.left + 8, of.right - 8);
  const down = over(inside.top, inside.bottom, of.top + 8, of.bottom - 8);
  if (across || down) map.panBy([across, down], { duration: 0 });
}

/** A button that shows everything again. */
function wholeButton(label, show) {
  return {
    onAdd() {
      this.group = element("div", "", { class: "maplibregl-ctrl maplibregl-ctrl-group" });
      const button = element("button", "⤢", { type: "button", "aria-label": label, title: label });
      button.addEventListener("click", show);
      this.group.append(button);
      return this.group;
    },
    onRemove() {
      this.group.remove();
    },
  };
}

function begin(library, answer) {
  const { drawing } = answer;
  const found = things(answer);
  const { style } = drawing;
  style.sources.places.data = { type: "FeatureCollection", features: answer.features };
  const streets = style.sources.streets;
  if (streets) streets.tiles = streets.tiles.map((path) => window.location.origin + path);
  library.setWorkerUrl(new URL(box.dataset.worker, window.location.href).href);
  box.hidden = false;
  box.classList.add("waiting");
  const whole = around([...found.values()].flatMap((of) => of.at), streets?.bounds, library);
  const fit = { padding: 50, maxZoom: NEAR };
  const map = new library.Map({
    container: box, style, bounds: whole, fitBoundsOptions: fit, attributionControl: false,
    locale: drawing.locale, maxZoom: 18, dragRotate: false, pitchWithRotate: false, maxPitch: 0,
    cooperativeGestures: window.matchMedia("(pointer: coarse)").matches,
    localIdeographFontFamily: "'Noto Sans', 'DejaVu Sans', sans-serif",
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  const [start, end] = drawing.direction === "rtl" ? ["right", "left"] : ["left", "right"];
  map.addControl(new library.NavigationControl({ showCompass: false }), `top-${end}`);
  map.addControl(wholeButton(drawing.words.all, () => map.fitBounds(whole, fit)), `top-${end}`);
  map.addControl(new library.ScaleControl({}), `bottom-${start}`);
  map.addControl(new library.AttributionControl({ compact: false }), `bottom-${end}`);
  for (const group of box.querySelectorAll(".maplibregl-ctrl-group")) {
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", drawing.words.controls);
  }
  map.setMissingStyleImageResolver((id) => {
    const made = image(id, drawing);
    if (made) map.addImage(id, made.data, { pixelRatio: made.ratio });
  });
  for (const part of box.querySelectorAll(".maplibregl-ctrl-attrib, .maplibregl-ctrl-scale")) {
    part.setAttribute("dir", "ltr"); // names and lengths that are not words of the page
  }
  const popup = new library.Popup({ maxWidth: "15rem", anchor: "bottom" });
  const tell = (number, at, place) => {
    popup.setLngLat(at).setDOMContent(card(found.get(number), place, drawing)).addTo(map);
    bringIn(map, popup.getElement());
  };
  const shown = ["places", ...style.layers.filter((l) => l.id.endsWith("-edge")).map((l) => l.id)];
  map.on("click", ({ point, lngLat }) => {
    const [one] = map.queryRenderedFeatures(point, { layers: shown });
    if (!one) return;
    const { number, nth } = one.properties;
    tell(number, nth === undefined ? lngLat : found.get(number).at[nth], nth);
  });
  map.on("mousemove", ({ point }) => {
    const over = map.queryRenderedFeatures(point, { layers: shown }).length > 0;
    map.getCanvas().classList.toggle("over", over);
  });
  map.once("load", () => {
    instead(true);
    map.resize(); // it has its place in the page only now
    map.fitBounds(whole, { ...fit, duration: 0 });
    fromTable(map, found, drawing, tell, library);
  });
  map.on("webglcontextlost", () => instead(false));
  map.on("idle", () => box.setAttribute("data-drawn", "yes"));
  map.on("movestart", () => box.removeAttribute("data-drawn"));
  map.on("error", ({ error }) => {
    if (!map.loaded() && !box.dataset.drawn) box.setAttribute("data-trouble", String(error?.name));
  });
}

/** Each line of the table leads to its place on the map. */
function fromTable(map, found, drawing, tell, library) {
  for (const row of document.querySelectorAll("tr[data-number]")) {
    const of = found.get(Number(row.dataset.number));
    const button = element("button", drawing.words.show, { type: "button", class: "plain onmap" });
    button.setAttribute("aria-label", `${drawing.words.show}: ${row.dataset.number}`);
    button.addEventListener("click", () => {
      box.scrollIntoView({ block: "nearest" });
      map.fitBounds(around(of.at, null, library), { padding: 80, maxZoom: NEAR, duration: 0 });
      tell(Number(row.dataset.number), of.at[0]);
    });
    row.querySelector("th").append(" ", button);
  }
}

if (box && canDraw()) {
  Promise.all([
    import(box.dataset.library),
    fetch(box.dataset.places, { credentials: "same-origin" }).then((answer) => {
      if (!answer.ok) throw new Error(`places: ${answer.status}`);
      return answer.json();
    }),
  ]).then(([library, answer]) => begin(library, answer)).catch(() => instead(false));
}
