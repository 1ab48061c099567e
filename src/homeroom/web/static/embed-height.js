// In a frame: tells the page around it how high the chart is, whenever that changes.
const tell = () => parent.postMessage(
  {homeroom: "height", height: Math.ceil(document.documentElement.getBoundingClientRect().height)},
  "*",
);
if (parent !== window) {
  new ResizeObserver(tell).observe(document.documentElement);
  addEventListener("load", tell);
}
