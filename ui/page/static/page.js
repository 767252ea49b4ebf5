/* The start: the page's direction, its rooms, and what an address opens. */
import { announce, byId, language, on, ready } from "./shared.js";
import "./asking.js";
import { openConversation, openNew } from "./conversations.js";
import { current } from "./current.js";
import { openArticle, openCitation, closePanel } from "./evidence.js";
import { openLibrary } from "./library.js";

const root = document.documentElement;
root.lang = language;
root.dir = language === "ar" ? "rtl" : "ltr";

for (const [id, role, kind] of [["live", "status", "unseen"], ["toast", "status", "toast"]]) {
  document.body.append(Object.assign(document.createElement("div"), { id, role, className: kind }));
}

const enter = (room) => {
  document.body.dataset.room = room;
  document.querySelectorAll("[data-room]").forEach((link) => {
    if (link.tagName === "A") link.toggleAttribute("aria-current", link.dataset.room === room);
  });
};

/* #ask, #library, #c/CONVERSATION[/TURN[/CITATION]], #a/ARTICLE[/START/END] */
export const route = async () => {
  const [kind, ...rest] = location.hash.slice(1).split("/");
  if (kind === "library") {
    closePanel();
    enter("library");
    await openLibrary();
  } else if (kind === "a") {
    if (!document.body.dataset.room) {
      enter("library");
      await openLibrary();
    }
    await openArticle(...rest);
  } else if (kind === "c") {
    enter("ask");
    const [conversation, turn, citation] = rest;
    const closed = !citation && closePanel();
    if (await openConversation(conversation, turn, Boolean(citation) || closed) && citation) await openCitation(conversation, turn, citation);
  } else {
    enter("ask");
    closePanel();
    await openNew();
  }
};

export const go = (hash) => {
  if (location.hash === hash) route();
  else location.hash = hash;
};

/* Over the chat of a narrow screen, all citations are one step: Back goes from each of them to the chat. */
const narrow = matchMedia("(max-width: 860px)");
const turnTo = (hash) => {
  history.replaceState(null, "", `${location.pathname}${location.search}${hash}`);
  route();
};

const skip = async () => {
  if (document.body.dataset.room !== "ask") {
    history.pushState(null, "", `${location.pathname}${location.search}#${current() ? `c/${current()}` : "ask"}`);
    await route();
  }
  document.querySelector("#question textarea").focus();
};

/* The page has a base address, so that a bare #… would load it anew. */
on("click", 'a[href^="#"]', (link, event) => {
  event.preventDefault();
  const back = link.dataset.room === "ask" && document.body.dataset.room === "library" && current();
  if (link.classList.contains("skip")) skip();
  else if (back) go(`#c/${back}`);
  else if (narrow.matches && link.closest("#panel")) turnTo(link.getAttribute("href"));
  else go(link.getAttribute("href"));
});
on("click", "a.language", (link, event) => {
  event.preventDefault();
  location.href = link.getAttribute("href") + location.hash;
});

addEventListener("hashchange", route);
ready(".masthead")
  .then(() => Promise.all([ready(".rail"), ready("#turns"), ready(".library"), ready(".asking-with")]))
  .then(async () => {
    byId("narrow").insertAdjacentHTML("afterbegin", '<p id="warning" role="alert" hidden></p>');
    await route();
    announce("");
    root.dataset.ready = "yes";
  });
