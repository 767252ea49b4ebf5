/* What the next question is narrowed to, shown as chips that can be taken away. */
import { html, on, say } from "./shared.js";

const form = () => document.querySelector("form.narrow");
const articles = new Map();

export const chosenFilters = () => {
  const data = new FormData(form());
  return {
    outlets: data.getAll("outlet"),
    since: data.get("since") || null,
    until: data.get("until") || null,
    strictness: data.get("strictness"),
    articles: [...articles.keys()],
  };
};

const chip = (text, takeAway) => {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  button.setAttribute("aria-label", `${say("filter_take_away")}: ${text}`);
  button.addEventListener("click", () => {
    takeAway();
    showChips();
    document.querySelector("#question textarea").focus();
  });
  item.append(Object.assign(document.createElement("bdi"), { textContent: text }), button);
  return item;
};

const showChips = () => {
  const made = [...form().querySelectorAll("input")]
    .filter((input) => (input.type === "checkbox" ? input.checked : input.type === "date" && input.value))
    .map((input) => {
      const label = input.type === "date" ? `${input.labels[0].textContent.trim()} ${input.value}` : input.value;
      return chip(label, () => (input.type === "date" ? (input.value = "") : (input.checked = false)));
    });
  for (const [id, title] of articles) made.push(chip(`${say("filter_only_article")} ${title}`, () => articles.delete(id)));
  document.querySelector(".chips").replaceChildren(...made);
};

/* New articles may bring new outlets; what was chosen stays. */
export const refreshFilters = async () => {
  const chosen = new Set(chosenFilters().outlets);
  const boxes = document.createRange().createContextualFragment(await html("outlets")).firstElementChild;
  boxes.querySelectorAll("input").forEach((input) => (input.checked = chosen.has(input.value)));
  form().querySelector(".boxes").replaceWith(boxes);
  showChips();
};

export const onlyArticle = (id, title) => {
  articles.clear();
  articles.set(Number(id), title);
  showChips();
};

on("change", "form.narrow", showChips);
document.addEventListener("reset", (event) => {
  if (event.target !== form()) return;
  articles.clear();
  setTimeout(showChips);
});
document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details.filters[open]");
  if (event.key !== "Escape" || !open) return;
  event.stopImmediatePropagation();
  open.open = false;
  open.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  const open = document.querySelector("details.filters[open]");
  if (open && !open.contains(event.target) && !event.target.closest(".chips")) open.open = false;
});
