/* The conversation that the next question belongs to, and the list of all conversations, which marks it. */
import { attempt, html } from "./shared.js";

let conversation = null;
export const current = () => conversation;
export const setCurrent = (id) => (conversation = id);

/* What is about to be deleted is not listed. */
const left = new Set();
export const leaveOut = (id, out) => (out ? left.add(id) : left.delete(id));

export const refreshRail = async () => {
  const search = encodeURIComponent(document.querySelector(".rail .find").value);
  await attempt(async () => {
    document.querySelector(".rail .list").innerHTML = await html(`conversations?search=${search}&current=${conversation || ""}`);
    document.querySelectorAll(".conversations .delete").forEach((one) => left.has(one.dataset.id) && one.closest("li").remove());
  });
};
