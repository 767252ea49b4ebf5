"""Whether a question asks to compare outlets: comparative words together with outlets, newspapers or accounts."""

import re
from collections.abc import Sequence
from typing import Final

from .outlets import OutletMeant
from .said import Found, Said

_PAPERS = r"(?:newspapers|papers|outlets|press|media)"
_ACCOUNTS = r"(?:newspapers?|papers?|outlets?|press|media|sources?|accounts|versions|reports|articles|stories|coverage)"
_ALL = r"(?:the |all |each of |both |our |your |different |various |two )*"
_SAY = r"(?:say|said|saying|report|reported|reporting|write|wrote|written|cover|covered|covering|tell|told|describe)"
_PAPERS_AR = r"(?:ال)?(?:صحف|جرايد|صحايف|صحافه|وكالات|وسايل الاعلام|مواقع)"
_ACCOUNTS_AR = (
    rf"(?:{_PAPERS_AR}|(?:ال)?(?:روايات|روايتين|روايتي|مصادر|مقالات|مقالين|تغطيه|تغطيات|صحيفتين|صحيفتي|جريدتين))"
)
_ONE_AR = r"(?:ال)?(?:صحيفه|جريده|وكاله|مصدر|موقع|جهه|مقال|روايه|قناه)"
_SAY_AR = (
    r"(?:قال|قالت|قالته|تقول|يقول|بتقول|كتبت|تكتب|كتبته|ذكر|ذكرت|تذكر|يذكر|ذكرته|نشرت|تنشر|نشرته|نقلت|نقلته|اوردت|اوردته|روت|"
    r"تناولت|غطت|عالجت|وصفت|عرضت)"
)
_WHAT_AR = r"(?:ماذا|ما الذي|ما|شو|وش|ايش|ايه|شنو|اش|كيف|شلون|ازاي)"

_ASKED: Final = (
    re.compile(rf"\b(?:what|how) (?:do|did|have|are|were) {_ALL}{_PAPERS} (?:all )?{_SAY}(?: (?:about|on|of))?\b"),
    re.compile(rf"\b(?:{_SAY} by|according to|as told by|in|from) (?:each|every|all|different) {_ACCOUNTS}\b"),
    re.compile(rf"\b(?:what|how) (?:does|did|has) (?:each|every) {_ACCOUNTS} {_SAY}(?: (?:about|on|of))?\b"),
    re.compile(rf"\b(?:each|every) {_ACCOUNTS} (?:says|gives|reports|tells)(?: something)?(?: (?:else|different))?\b"),
    re.compile(rf"\b(?:how )?(?:do|did) {_ALL}{_ACCOUNTS} (?:agree|differ|disagree)(?: (?:about|on|over))?\b"),
    re.compile(rf"\b(?:the )?differences? (?:between|among|in) {_ALL}{_ACCOUNTS}(?: (?:about|on|of))?\b"),
    re.compile(rf"\b{_WHAT_AR} {_SAY_AR} (?:عنه |عنها )?(?:كل )?{_PAPERS_AR}(?: (?:عن|حول|في|بشان))?(?!\w)"),
    re.compile(rf"\b(?:{_WHAT_AR} )?(?:{_SAY_AR} |عند |ب?حسب |وفق |في )كل {_ONE_AR}(?: (?:عن|حول|بشان))?(?!\w)"),
    re.compile(rf"\bكل {_ONE_AR} {_SAY_AR}(?: (?:شي|شيء|شيا|رقم|رقما))?(?: (?:اخر|ثاني|مختلف|مختلفا))?(?!\w)"),
    re.compile(rf"\b{_ACCOUNTS_AR} (?:متضاربه|مختلفه|متباينه|متناقضه|تختلف|تتفق|اختلفت|اتفقت|تضاربت|تتضارب)\b"),
    re.compile(rf"\b(?:هل )?(?:اختلفت|اتفقت|تختلف|تتفق|تضاربت|تتضارب) {_ACCOUNTS_AR}\b"),
    re.compile(rf"\b(?:ال)?(?:اختلاف|تضارب|تباين|تناقض|فرق|فروق) (?:في |بين ){_ACCOUNTS_AR}\b"),
)
_COMPARE: Final = re.compile(
    r"\b(?:compare|contrast|comparison (?:of|between)|و?(?:قارن|قارني|قارنوا|مقارنه)|(?:ال)?فرق|differences?)"
    r"(?: (?:between|in|how|what|بين|في|ما|كيف))*\b"
)
_OF_ACCOUNTS: Final = (
    re.compile(rf"\b{_ALL}{_ACCOUNTS}(?: {_SAY})?(?: (?:about|on|of))?\b"),
    re.compile(rf"(?<!\w)(?:كل )?{_ACCOUNTS_AR}(?: (?:عن|حول|بشان))?(?!\w)"),
)
_WHAT_THEY_SAY: Final = re.compile(rf"\b(?:{_SAY}(?: (?:about|on|of))?|(?:ما )?{_SAY_AR}(?: (?:عن|حول))?)(?!\w)")


def comparing(said: Said, outlets: Sequence[OutletMeant]) -> list[Found]:
    """The words that ask for a comparison, without the outlets they name; none where the question asks for none.

    "What does each newspaper say about …", or "compare" and the like beside newspapers, accounts or two outlets.
    """
    asked = [found for pattern in _ASKED for _, found in said.finditer(pattern)]
    compare = [found for _, found in said.finditer(_COMPARE)]
    told = [found for pattern in _OF_ACCOUNTS for _, found in said.finditer(pattern)] if compare else []
    if not asked and not (compare and (told or len(outlets) > 1)):
        return []
    saying = [found for _, found in said.finditer(_WHAT_THEY_SAY)] if compare else []
    return [*asked, *compare, *told, *saying]
