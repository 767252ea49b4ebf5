/* The owner's conversations: listed, found, opened again, renamed, deleted. */
import { attempt, byId, calm, html, on, Problem, request, say, send, warn } from "./shared.js";
import { follow } from "./asking.js";
import { current, refreshRail, setCurrent } from "./current.js";
import { deleteSoon, undoDeleting } from "./deleting.js";

const LATE = 3000; // milliseconds

/* In place of a conversation that cannot be opened: why. */
const tellShut = (why) => {
  const told = Object.assign(document.createElement("p"), { role: "alert", textContent: why });
  const anew = Object.assign(document.createElement("button"), { type: "button", className: "new", textContent: say("new_conversation") });
  const shut = Object.assign(document.createElement("div"), { className: "first shut" });
  shut.append(told, anew);
  setCurrent(null);
  byId("turns").replaceChildren(shut);
};

const read = async (id) => {
  try {
    return await html(`conversations/${id}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 404) tellShut(error.message);
    else warn(error.message);
    return undefined;
  }
};

/* Whether it could be opened. `still`: what is seen of it stays where it is. */
export const openConversation = async (id, turn, still = false) => {
  showRail(false);
  undoDeleting(id);
  const opened = id === current();
  if (!opened) {
    const text = await read(id);
    if (text !== undefined) {
      setCurrent(id);
      byId("turns").innerHTML = text;
    }
    await refreshRail(); // also where it cannot be opened: the page may have begun here
    if (text === undefined) return false;
    const running = byId("turns").querySelector(".turn.running");
    if (running) follow(id, running.dataset.turn);
  }
  if (opened && still) return true;
  const shown = turn ? byId(`t${turn}`) : byId("turns").lastElementChild;
  shown?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  return true;
};

export const openNew = async () => {
  setCurrent(null);
  showRail(false);
  byId("turns").innerHTML = "";
  document.querySelector("#question textarea")?.focus({ preventScroll: true });
  const [first] = await Promise.all([attempt(() => html("first")), refreshRail()]);
  if (first === undefined || current() || byId("turns").children.length) return;
  byId("turns").innerHTML = first;
  const suggestions = byId("turns").querySelector(".suggestions");
  if (suggestions) attempt(() => suggest(suggestions)); // nothing waits for them
};

/* Questions stand above the newest articles; where they come late, below, so that nothing moves under a finger. */
const suggest = async (place) => {
  const asked = Date.now();
  try {
    const text = await html("suggestions");
    if (Date.now() - asked > LATE) byId("turns").querySelector(".newest")?.after(place);
    place.innerHTML = text;
  } finally {
    place.querySelector(".coming")?.remove();
  }
};

on("click", ".rail .new, .shut .new", () => {
  if (location.hash === "#ask") openNew();
  else location.hash = "#ask";
});
on("input", ".rail .find", () => {
  clearTimeout(refreshRail.timer);
  refreshRail.timer = setTimeout(refreshRail, 200);
});
on("click", ".conversations .rename", (button) => {
  const title = prompt(say("new_name"), button.dataset.title);
  if (title?.trim()) {
    attempt(() => send(`conversations/${button.dataset.id}`, "PUT", { title: title.trim().slice(0, 200) })).then(refreshRail);
  }
});
on("click", ".conversations .delete", (button) => {
  attempt(() => deleteSoon(button.dataset.id, button.dataset.title));
});
on("click", ".rail .forget", () => {
  if (!confirm(say("confirm_forget"))) return;
  attempt(async () => {
    await request("conversations", { method: "DELETE" });
    if (location.hash === "#ask") await openNew();
    else location.hash = "#ask";
  });
});
/* On a narrow screen they lie over the page until something else is meant. */
export const showRail = (open) => {
  const toggle = document.querySelector(".rail-toggle");
  document.body.classList.toggle("rail-open", open);
  toggle.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector(".rail .new").focus();
  else if (byId("rail").contains(document.activeElement)) toggle.focus();
};
on("click", ".rail-toggle", () => showRail(!document.body.classList.contains("rail-open")));
document.addEventListener("click", (event) => {
  if (document.body.classList.contains("rail-open") && !event.target.closest("#rail, .rail-toggle, #toast")) showRail(false);
});

/* What a reader thinks of an answer. */
const rate = (turn, thumb, reason) =>
  attempt(() => send(`conversations/${turn.dataset.conversation}/${turn.dataset.turn}/rating`, "PUT", { thumb, reason }));
on("click", ".thumb", (button) => {
  const turn = button.closest(".turn");
  const pressed = button.getAttribute("aria-pressed") === "true";
  turn.querySelectorAll(".thumb").forEach((other) => other.setAttribute("aria-pressed", "false"));
  button.setAttribute("aria-pressed", String(!pressed));
  const why = turn.querySelector("form.why");
  why.hidden = pressed;
  turn.querySelector(".thanks").hidden = true;
  if (!pressed) why.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  rate(turn, pressed ? 0 : Number(button.dataset.thumb), pressed ? "" : why.elements.reason.value);
});
on("submit", "form.why", async (form, event) => {
  event.preventDefault();
  const turn = form.closest(".turn");
  const thumb = turn.querySelector('.thumb[aria-pressed="true"]');
  const kept = rate(turn, Number(thumb?.dataset.thumb || 0), form.elements.reason.value);
  form.hidden = true;
  if (!(await kept)) return;
  const thanks = turn.querySelector(".thanks");
  thanks.hidden = false;
  thanks.textContent = say("thumb_thanks");
  thanks.scrollIntoView({ block: "nearest" });
});
