"""The answer by a language model: asked, listened to, checked. Whatever fails costs a notice, never the evidence."""

from collections.abc import Generator, Sequence

from shawahid.assistant.events import Event, Judged, Provisional
from shawahid.assistant.gather import Gathered
from shawahid.assistant.search.evidence import Evidence
from shawahid.assistant.search.question import Question
from shawahid.assistant.settings import Settings, Strictness
from shawahid.assistant.types import SCRIPTS
from shawahid.assistant.verify.ground import Embed
from shawahid.assistant.wording import Phrase, notice
from shawahid.ingest.text.words import script
from shawahid.prompts import render

from .compose import Composed, compose
from .drafts import SCHEMA, provisional_text, read_drafts
from .model import Cause, ChatModel, ModelFailed, SchemaRejected
from .prompting import Prompt, make_prompt
from .standalone import stand_alone
from .written import Writing, quote


class Composer:
    """Writes answers with the chosen model. Threads may share one."""

    def __init__(self, embed: Embed, model: ChatModel, settings: Settings) -> None:
        """`embed` gives the vectors of sentences."""
        self._embed = embed
        self._settings = settings
        self.model = model

    @property
    def name(self) -> str:
        """The model with the server that text goes to: name@host."""
        return f"{self.model.name}@{self.model.host}"

    def stand_alone(self, question: str, history: Sequence[str]) -> str | None:
        """A follow-up that stands alone; None where the model failed, and the question is taken as it is."""
        try:
            return stand_alone(self.model, question, history)
        except ModelFailed:
            return None

    def write(
        self, question: Question, gathered: Gathered, strictness: Strictness | None = None
    ) -> Generator[Event, None, Writing]:
        """Ask the model about what it is shown, and check what it writes; where nothing holds, the articles' own words.

        `strictness` None is the settings'. Nothing is read from the library's files here: a model may take minutes, and
        its listener may go on in another thread.
        """
        try:
            prompt, written = yield from self._ask(question, gathered.shown)
        except ModelFailed as error:
            return self._failure(gathered, error.cause)
        drafts = read_drafts(written, structured=self.model.structured)
        if not drafts:
            return self._failure(gathered, _why_nothing(written))
        if all(script(draft.text) != SCRIPTS[question.language] for draft in drafts):
            return self._failure(gathered, "language", left_out=len(drafts))
        composed = compose(
            question,
            gathered,
            prompt.excerpts,
            drafts,
            strictness or self._settings.strictness,
            self._embed,
            self._holds if self._settings.second_opinion else None,
        )
        for sentence in composed.sentences:
            yield Judged(sentence.as_sentence(question.language))
        return self._writing(gathered, composed, prompt.version)

    def _ask(self, question: Question, shown: Sequence[Evidence]) -> Generator[Event, None, tuple[Prompt, str]]:
        """The model's answer, told as it comes; once more where the server has no structured output, or less room."""
        window = self.model.window
        while True:
            prompt = make_prompt(question, shown, window)
            structured = self.model.structured
            try:
                return prompt, (yield from self._listen(prompt, structured))
            except SchemaRejected:
                continue
            except ModelFailed as error:
                if error.cause != "too_long" or window < self.model.window:
                    raise
                window //= 2

    def _listen(self, prompt: Prompt, structured: bool) -> Generator[Event, None, str]:
        written, shown = "", ""
        pieces = self.model.stream(prompt.messages(structured=structured), SCHEMA if structured else None)
        for piece in pieces:
            written += piece
            text = provisional_text(written, structured=structured)
            if text != shown:
                shown = text
                yield Provisional(text)
        return written

    def _holds(self, sentence: str, words: str) -> bool:
        """A second opinion, from the model; where it gives none, the first stands."""
        try:
            said = self.model.complete(
                [{"role": "user", "content": render("second_opinion", words=words, sentence=sentence)}]
            )
        except ModelFailed:
            return True
        return not said.strip().lower().startswith(("no", "لا"))

    def _failure(self, gathered: Gathered, cause: Cause, left_out: int = 0) -> Writing:
        """The articles' own words, and why they stand here."""
        told = notice("model_notice", host=self.model.host, cause=Phrase(f"model_{cause}"))
        return quote((item.excerpt for item in gathered.chosen), told, left_out=left_out)

    def _writing(self, gathered: Gathered, composed: Composed, version: str) -> Writing:
        """The sentences that hold, and what became of the others; `version` is that of the prompt."""
        if not composed.of_the_model:
            failed = composed.left_out + composed.repaired
            return quote((item.excerpt for item in gathered.chosen), notice("model_none_held"), left_out=failed)
        notices = []
        if composed.left_out:
            notices.append(notice("model_left_out", count=composed.left_out))
        if composed.repaired:
            notices.append(notice("model_repaired", count=composed.repaired))
        return Writing(composed.sentences, tuple(notices), self.name, version, composed.left_out)


def _why_nothing(written: str) -> Cause:
    """Why nothing could be read: it was empty, it gave no sentences, or it was no answer."""
    if not written.strip():
        return "empty"
    return "declined" if '"sentences"' in written and "[]" in "".join(written.split()) else "garbled"
