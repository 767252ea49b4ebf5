/* A conversation that its owner deletes is gone in ten seconds, or at once where the page is left, unless that is undone. */
import { attempt, byId, note, request, say } from "./shared.js";
import { current, leaveOut, refreshRail } from "./current.js";

const SECONDS = 10;
let waiting = null;

const carryOut = async () => {
  if (!waiting) return;
  const { id, timer } = waiting;
  waiting = null;
  clearTimeout(timer);
  const done = await attempt(() => request(`conversations/${id}`, { method: "DELETE", keepalive: true }));
  if (!done) leaveOut(id, false);
  await refreshRail();
};
addEventListener("pagehide", carryOut);

/* Whether it was still to be deleted, and now is not. */
export const undoDeleting = (id) => {
  if (waiting?.id !== id) return false;
  clearTimeout(waiting.timer);
  waiting = null;
  leaveOut(id, false);
  note("");
  return true;
};

export const deleteSoon = async (id, title) => {
  await carryOut();
  const place = id === current() ? location.hash : null;
  waiting = { id, timer: setTimeout(carryOut, SECONDS * 1000) };
  leaveOut(id, true);
  if (place) location.hash = "#ask";
  const undo = async () => {
    undoDeleting(id);
    if (place) location.hash = place;
    else await refreshRail();
    document.querySelector(".rail .new").focus();
  };
  note(`${say("conversation_deleted")} \u2068${title}\u2069`, { button: say("undo"), act: undo, seconds: SECONDS });
  await refreshRail();
  byId("toast").querySelector("button")?.focus();
};
