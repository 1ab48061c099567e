// A chart is a picture until somebody asks it something: then the same specification is drawn again
// by Vega in the page, and tells the figure under the pointer or, by arrow keys, one after another.
// Expressions are interpreted, not compiled, so that the page's policy can forbid eval.
const OPTIONS = {
  ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true },
};
const RESTS = 150;
let library = null;

function embedder() {
  library ??= import("./vega.js").then(() => globalThis.homeroomEmbed);
  return library;
}

function specificationOf(image) {
  const address = new URL(image.currentSrc || image.src, location.href);
  address.pathname = address.pathname.replace(/\.svg$/, ".json");
  return fetch(address).then((answer) => {
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  });
}

// The library fills this one instead of making its own. The line below the chart tells the same to
// those who do not see it.
function prepareTooltip() {
  if (document.getElementById("vg-tooltip-element")) return;
  const tooltip = document.createElement("div");
  tooltip.id = "vg-tooltip-element";
  tooltip.className = "vg-tooltip";
  tooltip.setAttribute("aria-hidden", "true");
  document.body.append(tooltip);
}

function mark(chart, pressed) {
  chart.querySelector(".explore")?.setAttribute("aria-pressed", String(pressed));
}

async function wake(chart) {
  if (chart.dataset.state) return;
  chart.dataset.state = "waking";
  const picture = chart.querySelector("picture");
  const stage = document.createElement("div");
  stage.className = "live";
  try {
    const [embed, specification] = await Promise.all([embedder(), specificationOf(picture.querySelector("img"))]);
    prepareTooltip();
    await embed(stage, specification, OPTIONS);
  } catch {
    delete chart.dataset.state; // the picture stays, and says all that the chart does
    return;
  }
  stage.append(reader(stage));
  picture.hidden = true;
  picture.after(stage);
  chart.dataset.state = "live";
  mark(chart, true);
}

function sleep(chart) {
  chart.querySelector(".live")?.remove();
  chart.querySelector("picture").hidden = false;
  delete chart.dataset.state;
  mark(chart, false);
}

// What the tooltips of a drawing say, each once, with the mark that says it, in the drawing's order.
function figuresOf(drawing) {
  const found = new Map();
  for (const element of drawing.querySelectorAll("path, line, rect, text")) {
    const told = element.__data__?.tooltip;
    if (!told || typeof told !== "object") continue;
    const words = Object.entries(told).map(([name, value]) => `${name}: ${value}`).join("; ");
    if (!found.has(words)) found.set(words, element);
  }
  return [...found];
}

// The line below a live chart: focus it, and the arrow keys read the figures out in their order.
function reader(stage) {
  const drawing = stage.querySelector("svg");
  const figures = figuresOf(drawing);
  drawing.setAttribute("aria-hidden", "true"); // the line tells what the marks would, in words
  const line = document.createElement("p");
  line.className = "reader";
  line.tabIndex = 0;
  line.setAttribute("role", "status");
  line.textContent = "Point at a mark for its figure; or use the left and right arrow keys here.";
  let at = -1;
  line.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !figures.length) return;
    event.preventDefault();
    figures[at]?.[1].classList.remove("read");
    at = at < 0 && step < 0 ? figures.length - 1 : (at + step + figures.length) % figures.length;
    figures[at][1].classList.add("read");
    line.textContent = figures[at][0];
  });
  return line;
}

const charts = () => document.querySelectorAll("[data-chart]");
let resting = 0;

document.addEventListener("pointerover", (event) => {
  const picture = event.pointerType === "mouse" && event.target.closest?.("[data-chart] picture");
  clearTimeout(resting);
  if (picture) resting = setTimeout(wake, RESTS, picture.closest("[data-chart]"));
});
document.addEventListener("click", (event) => {
  const chart = event.target.closest?.(".explore")?.closest("[data-chart]");
  if (!chart) return;
  if (chart.dataset.state === "live") sleep(chart);
  else wake(chart).then(() => chart.querySelector(".reader")?.focus());
});
// Another ground or width asks for another drawing: back to the picture, which knows its own.
for (const query of ["(prefers-color-scheme: dark)", "(max-width: 640px)"]) {
  matchMedia(query).addEventListener("change", () => charts().forEach(sleep));
}
document.documentElement.classList.add("js");
