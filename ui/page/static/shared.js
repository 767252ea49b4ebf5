/* What all parts of the page use: its language, its phrases, fetching, telling. */

const chosen = new URLSearchParams(location.search).get("lang") || navigator.language || "en";
export const language = chosen.toLowerCase().startsWith("ar") ? "ar" : "en";
export const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
export const byId = (id) => document.getElementById(id);

let phrases = null;
export const say = (name) => {
  phrases ??= JSON.parse(document.querySelector(".masthead").dataset.phrases);
  return phrases[name];
};

/* An element that Gradio may put there later. */
export const ready = (selector) =>
  new Promise((resolve) => {
    const look = () => {
      const found = document.querySelector(selector);
      if (found) {
        observer.disconnect();
        resolve(found);
      }
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    look();
  });

/* What the server told instead of an answer, in the reader's language. */
export class Problem extends Error {}

export const request = async (path, options = {}) => {
  const address = new URL(path, document.baseURI);
  address.searchParams.set("lang", language);
  let answer;
  try {
    answer = await fetch(address, options);
  } catch {
    throw new Problem(say("lost_connection"));
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw Object.assign(new Problem(told.problem || say("unexpected")), { status: answer.status });
  }
  return answer;
};

export const html = async (path) => (await request(path)).text();

export const send = (path, method, body) =>
  request(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/* Said to those who listen. */
export const announce = (text) => {
  byId("live").textContent = text;
};

/* Shown to everyone, above the question, until it is told otherwise or put away. */
export const warn = (text) => {
  const banner = byId("warning");
  banner.textContent = text;
  banner.hidden = !text;
};

/* A word in passing, with something that can be done about it, perhaps. */
export const note = (text, { button, act, seconds = 2.5 } = {}) => {
  const toast = byId("toast");
  toast.replaceChildren(text);
  if (act) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: button });
    made.addEventListener("click", act);
    toast.append(" ", made);
  }
  toast.classList.toggle("shown", Boolean(text));
  clearTimeout(note.timer);
  note.timer = setTimeout(() => {
    const focused = toast.contains(document.activeElement);
    toast.classList.remove("shown");
    if (focused) document.querySelector("#question textarea")?.focus({ preventScroll: true });
  }, seconds * 1000);
};

/* Do it, and tell if it fails. */
export const attempt = async (doing) => {
  try {
    return await doing();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    warn(error.message);
    return undefined;
  }
};

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const on = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const target = event.target.closest?.(selector);
    if (target) act(target, event);
  });
