// Pages work without any of this; with it they suggest, answer at once and let charts be explored.
import "./suggest.js";
import "./live-form.js";
import "./live-chart.js";
