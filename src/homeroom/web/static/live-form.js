// A form that names the parts it decides (data-live) shows them anew while it is filled in. What is
// put in place is the very page that its button would lead to, so nothing is computed here, and the
// address keeps step, so that it can be shared at any moment.
const PAUSE = 450;

function addressOf(form) {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (value !== "") address.searchParams.append(name, value);
  }
  address.hash = "";
  return address;
}

function exchange(page, names) {
  for (const name of names) {
    const old = document.getElementById(name);
    const made = page.getElementById(name);
    if (old && made) old.replaceWith(document.adoptNode(made));
  }
  document.title = page.title;
}

function enliven(form) {
  const names = form.dataset.live.split(" ");
  const said = document.createElement("p");
  said.className = "live-status quiet";
  said.setAttribute("role", "status");
  form.querySelector("button").after(said);
  let waiting = 0;
  let running = null;

  async function refresh() {
    running?.abort();
    running = new AbortController();
    const address = addressOf(form);
    said.textContent = "Working it out …";
    try {
      const answer = await fetch(address, { signal: running.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok) {
        said.textContent = page.querySelector("main .lead, main p")?.textContent ?? "No answer.";
        return;
      }
      exchange(page, names);
      history.replaceState(null, "", address);
      said.textContent = "The figures below are those of this form.";
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = "No answer came: press the button to ask again.";
    }
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (form.checkValidity()) refresh(); }, PAUSE);
  }
  // Half a name is another place's: names wait until they are whole.
  form.addEventListener("input", (event) => { if (!("places" in event.target.dataset)) soon(); });
  form.addEventListener("change", (event) => { if ("places" in event.target.dataset) soon(); });
}

document.querySelectorAll("form[data-live]").forEach(enliven);
