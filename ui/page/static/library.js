/* The library's room: its list, uploads and their progress, edits, removals. */
import { attempt, byId, html, language, on, pause, Problem, request, say, send, warn } from "./shared.js";
import { closePanel, openArticle } from "./evidence.js";
import { onlyArticle, refreshFilters } from "./filters.js";

const form = () => document.querySelector("form.browse");
let asked = 0;

const query = (page) => {
  const data = new FormData(form());
  return new URLSearchParams({
    search: data.get("search"),
    sort: data.get("sort"),
    descending: data.has("descending"),
    unembedded: data.has("unembedded"),
    page,
  });
};

/* Whether it is this page that is seen now: not where something younger was asked for. */
const listRows = async (page = 1) => {
  const mine = ++asked;
  const text = await attempt(() => html(`library?${query(page)}`));
  if (text === undefined || mine !== asked) return false;
  byId("rows").innerHTML = text;
  return true;
};

const pageShown = () => Number(document.querySelector("#rows .pages")?.dataset.page || 1);

const turnTo = async (page) => {
  if (!(await listRows(page))) return;
  byId("rows").scrollIntoView({ block: "start" });
  document.querySelector("#rows .article").focus({ preventScroll: true });
};

export const openLibrary = async () => {
  if (!byId("rows").children.length) await listRows();
};

const refresh = async () => {
  await attempt(async () => {
    byId("holdings").innerHTML = await html("holdings");
    await Promise.all([listRows(pageShown()), refreshFilters()]);
  });
};

on("input", "form.browse", (_, event) => {
  clearTimeout(listRows.timer);
  listRows.timer = setTimeout(() => listRows(), event.target.type === "search" ? 80 : 0);
});
on("submit", "form.browse", (_, event) => event.preventDefault());
on("click", "#rows .turn-page", (button) => turnTo(button.dataset.page));
on("change", "#rows .page", (input) => input.reportValidity() && turnTo(input.value));

/* Uploads */
const sending = (files, share) => {
  const bar = `<progress max="1" value="${share}"></progress>`;
  byId("jobs").innerHTML = `<div class="job sending"><p class="state">${say("sending")}</p>${bar}</div>`;
  byId("jobs").querySelector("progress").setAttribute("aria-label", say("sending"));
};

const post = (files) =>
  new Promise((resolve, reject) => {
    const body = new FormData();
    for (const file of files) body.append("files", file, file.name);
    const sent = new XMLHttpRequest();
    const address = new URL("uploads", document.baseURI);
    address.searchParams.set("lang", language);
    sent.open("POST", address);
    sent.responseType = "json";
    sent.upload.onprogress = (event) => sending(files, event.loaded / event.total);
    sent.onload = () => (sent.status === 200 ? resolve(sent.response.job) : reject(new Problem(sent.response?.problem || say("unexpected"))));
    sent.onerror = () => reject(new Problem(say("lost_connection")));
    sent.send(body);
  });

const follow = async (job) => {
  for (let state = "", shown = ""; ; await pause(400)) {
    const text = await html(`uploads/${job}`);
    if (text !== shown) byId("jobs").innerHTML = text; // what is there again is not to be read out again
    shown = text;
    const now = byId("jobs").firstElementChild.dataset.state;
    if (now !== state) await refresh();
    state = now;
    if (state === "done" || state === "failed") return;
  }
};

const take = async (begin) => {
  if (document.body.dataset.room !== "library") location.hash = "#library"; // an article that is open there stays
  warn("");
  try {
    await follow(await begin());
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    byId("jobs").replaceChildren();
    warn(error.message);
  }
};
const upload = (files) => {
  const sizes = [...files].reduce((sum, file) => sum + file.size, 0);
  if (sizes > Number(document.querySelector(".masthead").dataset.mostBytes)) warn(say("too_large"));
  else if (files.length) take(() => post([...files]));
};

on("change", "input.files", (input) => {
  upload(input.files);
  input.value = "";
});
on("click", "button.demo", () => take(async () => (await (await request("uploads/demo", { method: "POST" })).json()).job));
const carriesFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (!carriesFiles(event)) return;
  event.preventDefault();
  upload(event.dataTransfer.files);
});

/* One article */
on("click", "button.only", (button) => {
  onlyArticle(button.dataset.article, button.dataset.title);
  closePanel();
  location.hash = "#ask";
});
on("submit", "form.edit", async (edit, event) => {
  event.preventDefault();
  const problem = edit.querySelector(".problem");
  problem.textContent = "";
  try {
    await send(`articles/${edit.dataset.article}`, "PUT", Object.fromEntries(new FormData(edit)));
    await refresh();
    await openArticle(edit.dataset.article);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problem.textContent = error.message;
  }
});
on("click", "button.remove", (button) => {
  if (!confirm(`${say("confirm_remove")}\n${button.dataset.title}`)) return;
  attempt(async () => {
    await request(`articles/${button.dataset.article}`, { method: "DELETE" });
    closePanel();
    await refresh();
  });
});

/* How far embedding is, quietly, while it goes on. */
setInterval(() => {
  if (document.querySelector("#holdings [data-pending]") && document.visibilityState === "visible") {
    attempt(async () => (byId("holdings").innerHTML = await html("holdings")));
  }
}, 3000);
