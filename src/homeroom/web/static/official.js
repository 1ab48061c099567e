// Shows how the job goes without reloading. Without scripts the page reloads itself.
const job = document.querySelector("[data-job]");
const running = ["fetching", "building", "opening", "stopping"];
const megabytes = (bytes) => Math.round(bytes / 1e6).toLocaleString("en-US");

function show(seen) {
  job.querySelector("[data-words]").textContent = seen.words;
  job.querySelector("[data-share]").value = seen.share;
  for (const file of seen.files) {
    const row = job.querySelector(`[data-wave="${file.wave}"]`);
    const of = file.total ? ` of ${megabytes(file.total)}` : "";
    row.querySelector("[data-fetched]").textContent = `${megabytes(file.done)}${of} MB`;
    const here = file.done && file.done === file.total ? "here" : "";
    row.querySelector("[data-note]").textContent = file.refused || file.note || here;
  }
}

async function look() {
  try {
    const answer = await fetch(new URL("../official/status", import.meta.url), { cache: "no-store" });
    const seen = await answer.json();
    if (!running.includes(seen.state) || (seen.state === "stopping") !== (job.dataset.state === "stopping")) {
      location.reload();
      return;
    }
    show(seen);
  } catch {
    // The site may be stopping or busy: look again.
  }
  setTimeout(look, 1000);
}

if (job && running.includes(job.dataset.state)) setTimeout(look, 500);
