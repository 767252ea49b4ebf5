/* A question on its way: sent, its answer shown as it comes about, found again when the connection was lost. */
import { announce, attempt, byId, calm, html, language, on, pause, Problem, request, say, send, warn } from "./shared.js";
import { current, refreshRail, setCurrent } from "./current.js";
import { chosenFilters } from "./filters.js";

const turns = () => byId("turns");
const box = () => document.querySelector("#question textarea");

const fillBox = (text) => {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box(), text);
  box().dispatchEvent(new Event("input", { bubbles: true }));
  box().focus();
};

const scrollTo = (turn) => turn.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });

/* What has the focus is put there anew with its turn: a key is still to find it. */
const sameIn = (made, { dataset, classList }) =>
  made.querySelector(dataset.cite ? `a.${classList[0]}[data-cite="${dataset.cite}"]` : `.${classList[0] || "none"}`);

/* Puts a turn where it belongs, once or again. A button that is drawn anew between press and release is not clicked. */
const show = (text, { settle = false } = {}) => {
  const made = document.createRange().createContextualFragment(text).firstElementChild;
  const there = byId(made.id);
  if (made.classList.contains("running") && there?.querySelector(".stop:active")) return there;
  if (there) {
    const focused = there.contains(document.activeElement) ? document.activeElement : null;
    there.replaceWith(made);
    if (focused) (sameIn(made, focused) || box()).focus({ preventScroll: true });
  } else {
    turns().append(made);
    scrollTo(made);
  }
  if (settle && !calm) made.classList.add("settling");
  return made;
};

const tell = (turn) => {
  const said = turn.querySelectorAll(".narrowed, .frame, .plain, .sentence, .failure, .notice, .compared li");
  announce([...said].map((part) => part.innerText).join(" "));
};

/* Gradio empties the box a moment after a question was taken: before that, it cannot be given back. */
const giveBack = async (question) => {
  for (let tries = 0; box().value.trim() === question && tries < 50; tries++) await pause(20);
  if (!box().value) fillBox(question);
};

const end = (line) => {
  const turn = show(line.html, { settle: true });
  document.body.dataset.asking = "";
  if (line.state === "failed") giveBack(turn.querySelector(".asked").textContent);
  tell(turn);
  refreshRail();
};

/* Asks the server for a turn until it has ended. */
export const follow = async (conversation, turn) => {
  for (;;) {
    try {
      const text = await html(`conversations/${conversation}/${turn}`);
      warn("");
      if (conversation !== current()) return;
      const running = /^<article class="turn running"/.test(text);
      if (!running) return end({ html: text, state: "" });
      show(text);
      await pause(1000);
    } catch (error) {
      if (error.status === 404) return;
      await pause(2000);
    }
  }
};

async function* lines(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) yield JSON.parse(part);
  }
}

/* The answer's place becomes the page's address. */
const begin = ({ conversation, turn }, again) => {
  setCurrent(conversation);
  const go = again ? "pushState" : "replaceState"; // Back goes from a question asked otherwise to the answer before
  history[go](null, "", `${location.pathname}${location.search}#c/${conversation}/${turn}`);
};

const listen = async (answer, begun) => {
  let last = null;
  try {
    for await (last of lines(answer)) {
      if (!begun.done) {
        begin(last, begun.again);
        begun.resolve();
      }
      if (last.conversation !== current()) return;
      if (last.state === "running") show(last.html);
      else end(last);
    }
  } catch (error) {
    if (!last) throw error;
  }
  if (last?.state === "running") {
    warn(say("lost_connection"));
    await follow(last.conversation, last.turn);
  }
};

/* Gradio calls this with what stands in the box, and puts what it gives in its place. `how`: a turn asked otherwise. */
const ask = (question, how = {}) => {
  if (!question.trim() || document.body.dataset.asking) return question;
  document.body.dataset.asking = "yes";
  document.querySelector(".first")?.remove();
  warn("");
  announce("");
  return new Promise((resolve) => {
    const begun = { done: false, again: how.again, resolve: () => { begun.done = true; resolve(""); } };
    attempt(async () => {
      try {
        const answer = await send("questions", "POST", { question, conversation: current(), ...chosenFilters(), ...how });
        await listen(answer, begun);
      } finally {
        document.body.dataset.asking = "";
        if (!begun.done) resolve(question);
      }
    });
  });
};
window.shawahid = { ask };

const askThis = (question) => {
  fillBox(question);
  ask(question).then(fillBox);
};
/* A turn's question again, taken as it was but for what is changed. */
const askOtherwise = async (turn, changed) => {
  if (document.body.dataset.asking) return;
  const { unconstrained, joined } = turn.dataset;
  const taken = { unconstrained: unconstrained.split(" ").filter(Boolean), joined: joined ? joined === "true" : null };
  const left = await ask(turn.querySelector(".asked").textContent, { ...taken, ...changed, again: Number(turn.dataset.turn) });
  if (left) fillBox(left);
};
on("click", ".suggested", (button) => askThis(button.textContent));
on("click", ".again", (button) => askThis(button.closest(".turn").querySelector(".asked").textContent));
on("click", ".lift", (button) => {
  const turn = button.closest(".turn");
  askOtherwise(turn, { unconstrained: [...turn.dataset.unconstrained.split(" ").filter(Boolean), button.dataset.kind] });
});
on("click", ".retake", (button) => askOtherwise(button.closest(".turn"), { joined: button.dataset.joined === "true" }));
on("click", ".unfold", (button) => {
  const folded = button.closest(".turn").querySelector(".asked").classList.toggle("folded");
  button.setAttribute("aria-expanded", String(!folded));
  button.textContent = say(folded ? "unfold" : "fold");
});
on("click", ".stop", (button) => {
  const { conversation, turn } = button.closest(".turn").dataset;
  attempt(() => request(`conversations/${conversation}/${turn}/stop`, { method: "POST" }));
});

/* A tab that slept looks again at what was being answered. */
document.addEventListener("visibilitychange", () => {
  const running = document.querySelector(".turn.running");
  if (document.visibilityState === "visible" && running && !document.body.dataset.asking) {
    follow(running.dataset.conversation, running.dataset.turn);
  }
});
