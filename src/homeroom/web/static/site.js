// Pages work without this. It suggests places while a name is typed.
"use strict";
for (const input of document.querySelectorAll('form[role="search"] input[name="q"], input[name="add"]')) {
  const list = document.createElement("datalist");
  list.id = input.id + "-places";
  input.after(list);
  input.setAttribute("list", list.id);
  let waiting = 0;
  let asked = "";
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const query = input.value.trim();
      if (query.length < 3 || query === asked) return;
      asked = query;
      const answer = await fetch("/api/v1/places?limit=6&q=" + encodeURIComponent(query));
      if (!answer.ok) return;
      const found = (await answer.json()).data;
      list.replaceChildren(...found.map((place) => {
        const option = document.createElement("option");
        option.value = place.kind === "state" || !place.state ? place.name : place.name + ", " + place.state;
        return option;
      }));
    }, 200);
  });
}
