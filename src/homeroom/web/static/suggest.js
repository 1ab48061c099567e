// Suggests places while a name is typed.
const BOXES = 'form[role="search"] input[name="q"], input[name="add"], input[data-places]';

async function suggest(input, list) {
  const wanted = input.dataset.places; // a kind of place, or any
  const answer = await fetch(new URL("../api/v1/places?limit=20&q=" + encodeURIComponent(input.value.trim()), import.meta.url));
  if (!answer.ok) return;
  const found = (await answer.json()).data.filter((place) => !wanted || place.kind === wanted).slice(0, 6);
  list.replaceChildren(...found.map((place) => {
    const option = document.createElement("option");
    option.value = place.kind === "state" || !place.state ? place.name : place.name + ", " + place.state;
    return option;
  }));
}

for (const input of document.querySelectorAll(BOXES)) {
  const list = document.createElement("datalist");
  list.id = input.id + "-places";
  input.after(list);
  input.setAttribute("list", list.id);
  let waiting = 0;
  let asked = "";
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const query = input.value.trim();
      if (query.length < 3 || query === asked) return;
      asked = query;
      suggest(input, list);
    }, 200);
  });
}
