/* Opens a citation: fetches its article into the panel and scrolls to the highlighted words. */
() => {
  const root = document.documentElement;
  const chosen = new URLSearchParams(location.search).get("lang") || navigator.language || "en";
  const language = chosen.toLowerCase().startsWith("ar") ? "ar" : "en";
  root.lang = language;
  root.dir = language === "ar" ? "rtl" : "ltr";

  const lost = language === "ar"
    ? "تعذّر فتح المقال: ربما أُزيل من المكتبة، أو توقف البرنامج. أعد تحميل الصفحة."
    : "The article could not be opened: it may have been removed, or the program has stopped. Reload the page.";
  const panel = () => document.getElementById("panel");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let opener = null;

  const close = () => {
    panel().classList.remove("open");
    if (opener) opener.focus();
  };

  const open = async (link) => {
    const [, article, start, end] = link.hash.match(/^#article-(\d+)-(\d+)-(\d+)$/);
    const evidence = document.querySelector("#evidence .prose, #evidence") || panel();
    try {
      const answer = await fetch(`articles/${article}?start=${start}&end=${end}&lang=${language}`);
      if (!answer.ok) throw new Error(answer.status);
      evidence.innerHTML = await answer.text();
    } catch {
      evidence.replaceChildren(Object.assign(document.createElement("p"), { className: "hint", textContent: lost }));
    }
    const shut = document.createElement("button");
    shut.className = "close";
    shut.type = "button";
    shut.textContent = "×";
    shut.setAttribute("aria-label", language === "ar" ? "إغلاق" : "Close");
    shut.addEventListener("click", close);
    evidence.prepend(shut);
    document.querySelectorAll("a.current").forEach((other) => other.classList.remove("current"));
    document.querySelectorAll(`a[href="${link.hash}"]`).forEach((same) => same.classList.add("current"));
    opener = link;
    panel().classList.add("open");
    const mark = evidence.querySelector("mark");
    if (mark) {
      mark.tabIndex = -1;
      mark.focus({ preventScroll: true });
      mark.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#article-"]');
    if (!link) return;
    event.preventDefault();
    open(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel().classList.contains("open")) close();
  });

  /* A new answer comes into view at its question. */
  const log = document.getElementById("log");
  new MutationObserver(() => {
    const turns = log.querySelectorAll(".turn");
    if (turns.length) turns[turns.length - 1].scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }).observe(log, { childList: true, subtree: true });
}
