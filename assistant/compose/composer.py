"""The answer by a language model: asked, listened to, checked. Whatever fails costs a notice, never the evidence."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from shawahid.assistant.answer import Chosen, Written
from shawahid.assistant.events import Event, Judged, Provisional
from shawahid.assistant.search.question import Question
from shawahid.assistant.settings import Settings, Strictness
from shawahid.assistant.types import Answer, Language, Sentence
from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.library import Library
from shawahid.ingest.text.words import script
from shawahid.prompts import render, say

from .compose import Composed, compose
from .drafts import SCHEMA, Draft, provisional_text, read_drafts
from .model import ChatModel, ModelFailed, SchemaRejected
from .prompting import Prompt, make_prompt
from .standalone import stand_alone

_CAUSES = {
    "unreachable": "model_unreachable",
    "refused_key": "model_refused_key",
    "rate_limited": "model_rate_limited",
    "server_error": "model_server_error",
    "cut": "model_cut",
    "silent": "model_silent",
    "unknown_model": "model_unknown_model",
    "rejected": "model_rejected",
    "too_long": "model_too_long",
    "empty": "model_empty",
    "declined": "model_declined",
    "garbled": "model_garbled",
    "language": "model_language",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking the model: the sentences to show (none: only the evidence is shown), and what to tell."""

    written: tuple[Written, ...] = ()
    notices: tuple[str, ...] = ()
    prompt: str | None = None
    left_out: int = 0

    def mark(self, answer: Answer, model: str) -> Answer:
        """`answer` with what it owes to the model."""
        answer = replace(answer, notices=(*answer.notices, *self.notices), left_out=self.left_out)
        return replace(answer, mode="composed", model=model, prompt=self.prompt) if self.written else answer


class Composer:
    """Writes answers with the chosen model. Threads may share one."""

    def __init__(self, library: Library, model: ChatModel, settings: Settings) -> None:
        self._library = library
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
        self,
        question: Question,
        shown: Sequence[Chosen],
        chosen: Sequence[Chosen],
        vector: Vectors,
        strictness: Strictness | None = None,
    ) -> Generator[Event, None, Outcome]:
        """Ask the model about what it is shown, and check what it writes.

        `chosen` is what the answer would be made of without it, `vector` the question's (1, dimensions);
        `strictness` None is the settings'. Nothing is read from the truth here: a model may take minutes, and its
        listener may go on in another thread.
        """
        language = question.language
        try:
            prompt, written = yield from self._ask(question, shown)
        except ModelFailed as error:
            return Outcome(notices=(_failure(error.cause, self.model.host, language),))
        drafts = read_drafts(written, structured=self.model.structured)
        if not drafts:
            return Outcome(notices=(_failure(_why_nothing(written), self.model.host, language),))
        if all(_foreign(draft, language) for draft in drafts):
            return Outcome(notices=(_failure("language", self.model.host, language),), left_out=len(drafts))
        opinion = self._holds if self._settings.second_opinion else None
        strictness = strictness or self._settings.strictness
        composed = compose(self._library, prompt, drafts, chosen, question, vector, strictness, opinion)
        for sentence in composed.sentences:
            yield Judged(Sentence(sentence.text, sentence.verdict, sentence.reason, (), sentence.origin))
        return _outcome(composed, prompt, language)

    def _ask(self, question: Question, shown: Sequence[Chosen]) -> Generator[Event, None, tuple[Prompt, str]]:
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


def _outcome(composed: Composed, prompt: Prompt, language: Language) -> Outcome:
    repaired = sum(sentence.origin == "repaired" for sentence in composed.sentences)
    failed = composed.left_out + repaired
    if not composed.of_the_model:
        return Outcome(notices=(say("model_none_held", language),), left_out=failed)
    notices = []
    if composed.left_out:
        notices.append(say("model_left_out", language, count=composed.left_out))
    if repaired:
        notices.append(say("model_repaired", language, count=repaired))
    return Outcome(composed.sentences, tuple(notices), prompt.version, composed.left_out)


def _failure(cause: str, host: str, language: Language) -> str:
    return say("model_notice", language, host=host, cause=say(_CAUSES[cause], language))


def _why_nothing(written: str) -> str:
    """Why nothing could be read: it was empty, it gave no sentences, or it was no answer."""
    if not written.strip():
        return "empty"
    return "declined" if '"sentences"' in written and "[]" in "".join(written.split()) else "garbled"


def _foreign(draft: Draft, language: Language) -> bool:
    return script(draft.text) != {"ar": "arabic", "en": "latin"}[language]
