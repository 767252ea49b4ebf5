/* The evidence: an article beside the chat, opened at the very words; what a mark stands for, on hovering. */
import { attempt, byId, html, note, on, say } from "./shared.js";
import { showRail } from "./conversations.js";
import { current } from "./current.js";

const panel = () => byId("panel");
let opener = null;

const fill = (text) => {
  const inside = panel().querySelector(".html-container") || panel();
  inside.innerHTML = `<button type="button" class="close" aria-label="${say("close")}">×</button>${text}`;
  inside.querySelectorAll(".stretch").forEach((one) => (one.style.containIntrinsicSize = `auto ${one.dataset.height}em`));
  document.body.classList.add("panel-open");
  const mark = inside.querySelector("mark");
  const target = mark || inside.querySelector("article");
  if (!target) return;
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  if (mark) mark.scrollIntoView({ block: "center", behavior: "auto" });
  else panel().scrollTop = 0;
};

const markCurrent = (selector) => {
  document.querySelectorAll(".current").forEach((other) => other.classList.remove("current"));
  if (selector) document.querySelectorAll(selector).forEach((link) => link.classList.add("current"));
};

export const openCitation = async (conversation, turn, number) => {
  const text = await attempt(() => html(`conversations/${conversation}/${turn}/evidence/${number}`));
  if (text === undefined) return;
  fill(text);
  markCurrent(`#t${turn} a[data-cite="${number}"]`);
};

export const openArticle = async (article, start = 0, end = 0) => {
  const text = await attempt(() => html(`articles/${article}?start=${start}&end=${end}`));
  if (text === undefined) return;
  fill(text);
  markCurrent(`a[href="${location.hash}"]`);
};

/* The link that opened the panel, also where it was put there anew since. */
const cameFrom = () => (opener?.isConnected ? opener : opener && document.querySelector(`a[href="${opener.getAttribute("href")}"]`));

/* Whether it was open. */
export const closePanel = () => {
  if (!document.body.classList.contains("panel-open")) return false;
  document.body.classList.remove("panel-open");
  markCurrent(null);
  hidePeek();
  cameFrom()?.focus({ preventScroll: true });
  return true;
};

/* Closed by hand: the address no longer opens it, and the one before stays one step back. */
const putAway = () => {
  if (!closePanel()) return;
  const [kind, ...rest] = location.hash.split("/");
  const under = kind === "#c" ? [kind, ...rest.slice(0, 2)].join("/") : document.body.dataset.room === "library" ? "#library" : current() ? `#c/${current()}` : "#ask";
  history.replaceState(null, "", `${location.pathname}${location.search}${under}`);
};

/* From the quote, Tab goes to what can be done with it; beyond either end of the panel it goes back to the mark. */
const stops = () =>
  [...panel().querySelectorAll("a[href], button, input, select, summary")].filter((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }));
document.addEventListener("keydown", (event) => {
  const at = document.activeElement;
  if (event.key !== "Tab" || !panel()?.contains(at)) return;
  const all = stops();
  const beyond = at === (event.shiftKey ? all[0] : all.at(-1));
  const onQuote = !event.shiftKey && at.tabIndex < 0;
  const next = onQuote ? all.find((one) => at.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) || all[0] : beyond && cameFrom();
  if (!next) return;
  event.preventDefault();
  next.focus();
});

on("click", "#panel .close", putAway);
on("click", "a[data-cite], a[data-article]", (link) => {
  if (!link.closest("#panel")) opener = link;
});

/* The card of a mark: shown on hovering or focus, stays while the pointer is on it, goes with Escape. */
const card = Object.assign(document.createElement("div"), { id: "peek", hidden: true });
document.body.append(card);
const hidePeek = () => (card.hidden = true);

const peek = (mark) => {
  const source = byId(`t${mark.dataset.turn}-peek-${mark.dataset.cite}`);
  if (!source) return;
  card.replaceChildren(...[...source.childNodes].map((node) => node.cloneNode(true)));
  card.dir = getComputedStyle(mark).direction;
  card.hidden = false;
  const at = mark.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left + at.width / 2 - width / 2), innerWidth - width - 8);
  const above = at.top - height - 4;
  card.style.left = `${left}px`;
  card.style.top = `${above > 8 ? above : at.bottom + 4}px`;
};
const leave = (event) => {
  if (!event.relatedTarget?.closest?.("#peek, a.cite")) hidePeek();
};
const hovers = matchMedia("(hover: hover)").matches;
on("pointerover", "a.cite", (mark) => hovers && peek(mark));
on("pointerout", "a.cite, #peek", (_, event) => leave(event));
on("focusin", "a.cite", (mark) => mark.matches(":focus-visible") && peek(mark));
on("focusout", "a.cite", (_, event) => leave(event));
document.addEventListener("scroll", hidePeek, { capture: true, passive: true });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (!card.hidden) hidePeek();
  else if (document.body.classList.contains("rail-open")) showRail(false);
  else putAway();
});

/* Copying: a quote with its reference, or the address of an answer. */
const copy = async (text, told = "copied", seconds = 2.5) => {
  try {
    await navigator.clipboard.writeText(text);
    note(say(told), { seconds });
  } catch {
    note(say("copy_failed"));
  }
};
on("click", "button.copy", (button) => copy(button.dataset.copy));
on("click", "button.link", (button) => copy(new URL(location.pathname + location.search + button.dataset.link, location.href).href, "link_copied", 8));

/* Two accounts beside each other, with what stands between these two alone. */
on("change", ".pick", (box) => {
  const accounts = box.closest(".accounts");
  const all = [...accounts.querySelectorAll(".account")];
  const picked = all.filter((account) => account.querySelector(".pick").checked);
  const two = picked.length === 2;
  all.forEach((account) => {
    account.hidden = two && !picked.includes(account);
  });
  const cited = picked.map((account) => account.dataset.citations.split(" "));
  box.closest(".answer").querySelectorAll(".compared li").forEach((item) => {
    const sides = item.dataset.sides.split(" ");
    const between = cited.every((numbers) => sides.some((side) => numbers.includes(side)));
    item.hidden = two && !between;
  });
});
