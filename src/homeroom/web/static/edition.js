// The static edition: search from its own index, and charts that can be explored. No server answers.
import "./live-chart.js";

const ROOT = new URL("../", import.meta.url);
const SHOWN = 20;
let heads = null;
const shards = new Map();

function fetched(path) {
  return fetch(new URL(path, ROOT)).then((answer) => (answer.ok ? answer.json() : null));
}
function head() {
  heads ??= fetched("search/index.json");
  return heads;
}
function shard(name) {
  if (!shards.has(name)) shards.set(name, fetched(`search/${name}.json`).then((found) => found ?? []));
  return shards.get(name);
}

function fold(text, short) {
  let plain = text.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, " ");
  for (const [pattern, instead] of short) {
    plain = plain.replace(new RegExp(pattern, "g"), instead.replace(/\\(\d)/g, "$$$1"));
  }
  return plain.trim().split(/\s+/).filter(Boolean);
}

// How many letters must be changed, added, dropped, or swapped; more than two is no slip.
function slips(one, other) {
  if (Math.abs(one.length - other.length) > 2) return 3;
  let before = null;
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, change);
      if (before && i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    before = row;
    row = next;
  }
  return row[other.length];
}

function fit(word, words) {
  let best = 0;
  for (const mine of words) {
    if (mine === word) return 3;
    if (mine.startsWith(word)) best = Math.max(best, 2);
    else if (word.length > 3 && slips(word, mine) <= (word.length > 6 ? 2 : 1)) best = Math.max(best, 1.5);
  }
  return best;
}

function ranked(entries, words, state) {
  const found = new Map();
  for (const entry of entries) {
    const [id, , folded, kind, postal] = entry;
    if (state && postal !== state) continue;
    const mine = folded.split(" ");
    const scores = words.map((word) => fit(word, mine));
    if (scores.some((score) => score === 0)) continue;
    const sum = scores.reduce((total, score) => total + score, 0);
    found.set(id, [sum * 10 - Math.abs(mine.length - words.length) - (kind === 2 ? 2 : 0), entry]);
  }
  return [...found.values()].sort((a, b) => b[0] - a[0] || (a[1][1] < b[1][1] ? -1 : 1)).slice(0, SHOWN).map((one) => one[1]);
}

function stateOf(words, states) {
  const last = words.at(-1) ?? "";
  const code = last.toUpperCase();
  if (words.length > 1 && Object.values(states).includes(code)) return [words.slice(0, -1), code];
  for (const count of [1, 2]) {
    const named = states[words.slice(-count).join(" ")];
    if (named && words.length > count) return [words.slice(0, -count), named];
  }
  return [words, ""];
}

async function search(query) {
  const index = await head();
  if (!index) return [];
  const every = fold(query, index.short);
  const [words, state] = stateOf(every, index.states);
  const names = words.map((word) => word.slice(0, 2)).filter((name) => name in index.shards);
  if (!names.length) return [];
  // Whoever has every word is in the shard of each: the smallest will do.
  const order = [...new Set(names)].sort((a, b) => index.shards[a] - index.shards[b]);
  for (const name of order) {
    const found = ranked(await shard(name), words, state);
    if (found.length) return found;
  }
  return state ? ranked(await shard(every[0].slice(0, 2)), every, "") : [];
}

function place(entry, index) {
  const [id, name, , kind, state, within] = entry;
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = new URL(`place/${id}.html`, ROOT).href;
  link.textContent = name;
  const told = document.createElement("span");
  told.className = "quiet";
  told.textContent = ` ${[index.kinds[kind], within, kind === 0 ? "" : state].filter(Boolean).join(", ")}`;
  item.append(link, told);
  return item;
}

async function answer() {
  const query = new URLSearchParams(location.search).get("q")?.trim();
  if (!query || !document.querySelector("[data-search]") || !/search\.html$/.test(location.pathname)) return;
  const main = document.querySelector("main");
  for (const box of document.querySelectorAll("[data-search] input[name=q]")) box.value = query;
  const id = /^(?:lea:)?(\d{7})$/.exec(query) ?? /^(?:school:)?(\d{12})$/.exec(query);
  if (id) {
    const address = new URL(`place/${id[1].length === 7 ? "lea" : "school"}-${id[1]}.html`, ROOT);
    if ((await fetch(address, { method: "HEAD" })).ok) location.replace(address);
  }
  const started = performance.now();
  const found = await search(query);
  const index = await head();
  const list = document.createElement("ol");
  list.className = "found";
  list.append(...found.map((entry) => place(entry, index)));
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.textContent = found.length
    ? `${found.length} place${found.length === 1 ? "" : "s"} like “${query}”`
    : "No place of this edition has a name like that.";
  main.querySelectorAll(":scope > p, :scope > ol").forEach((one) => one.remove());
  main.append(said, list);
  document.documentElement.dataset.searchMilliseconds = (performance.now() - started).toFixed(1);
}

for (const input of document.querySelectorAll("[data-search] input[name=q]")) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-places`;
  input.after(list);
  input.setAttribute("list", list.id);
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (input.value.trim().length < 3) return;
      const found = (await search(input.value)).slice(0, 6);
      list.replaceChildren(...found.map(([, name, , kind, state]) => {
        const option = document.createElement("option");
        option.value = kind === 0 || !state ? name : `${name}, ${state}`;
        return option;
      }));
    }, 120);
  });
}
answer();
