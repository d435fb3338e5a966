"""What holds at every turn of every conversation, whatever is said. Each check gives complaints back, not errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from casework.house import House
from casework.tickets.model import Intake
from casework.words import openings
from casework.words.rules import any_in
from tests.e2e.runner import Answer

#: Two questions in one breath are right where somebody may be about to die.
_MAY_ASK_TWICE = ("utter_emergency_self_harm", "utter_check_self_harm")
#: Responses whose question only words the reply ("no power at your place?") or offers ways on.
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|（[^）]*）|\([^)]*\)|(?<![A-Za-z])'[^']*'(?![A-Za-z])")
_BRACES = re.compile(r"\{[A-Za-z_]*\}")
_INTERNAL = re.compile(r"\b(?:utter_\w+|action_\w+|pending_field|[a-z]+_[a-z_]+)\b|\bNone\b(?! of these)")
_SENTENCES = re.compile(r"[。！!]+|(?<=\.)\s+")
#: Questions, steps of a receipt, what comes from the knowledge files.
_PUT_AGAIN = re.compile(r"[?？]|^\d+\. |Source:|依据")
#: What an anonymous person's words are blotted with, line ends, and places and cards that come without words.
_PARTS = re.compile(r"\*\*\*|\n|^[-+\d., ]+$")
#: Questions a complaint may cost, the category and the contact among them.
MAX_QUESTIONS = 5


def broken(
    answer: Answer,
    *,
    said: str,
    told: Sequence[str],
    draft: Intake | None,
    house: House,
    before: Sequence[str] = (),
    was_bot: bool = True,
) -> Iterator[str]:
    """Complaints about one turn. ``said``: this turn, ``told``: all the person wrote, titles of buttons too,
    ``before``: what the bot said earlier in the conversation."""
    yield from _broken_words(answer, said=said, house=house)
    yield from _said_again(answer, before=before, house=house)
    if was_bot and not answer.texts:
        yield "the bot owes an answer and stays silent"
    if len(answer.texts) > 1:
        yield f"{len(answer.texts)} messages for one turn"
    if draft is not None:
        yield from _broken_draft(answer, told=told, draft=draft, house=house)


def _broken_words(answer: Answer, *, said: str, house: House) -> Iterator[str]:
    own = _own_words(answer)
    asked = len(re.findall(r"[?？]+", own))
    if asked > 1 and not set(answer.responses) & set(_MAY_ASK_TWICE):
        yield f"{asked} questions in one turn"
    if _BRACES.search(answer.text) and not _BRACES.search(said):
        yield "an unfilled brace"
    if (leak := _INTERNAL.search(own)) and leak.group() not in said:
        yield f"an internal name: {leak.group()}"
    language = "en" if answer.state.get("language") == "en" else "zh"
    for pattern in house.packs.never_say[language]:
        if (found := re.search(pattern, own, re.IGNORECASE | re.MULTILINE)) is not None:
            yield f"says {found.group()!r}, which is never said"
    if language == "en" and re.search(r"[\u4e00-\u9fff]", own):
        yield "Chinese in an English answer"
    if language == "zh" and re.search(r"\b(?:the|you|your|please)\b", own):
        yield "English in a Chinese answer"


def _said_again(answer: Answer, *, before: Sequence[str], house: House) -> Iterator[str]:
    """A second apology, and an acknowledgement that begins like something said before."""
    lines = [line for line in _own_words(answer).splitlines() if not _PUT_AGAIN.search(line)]
    apology = house.voice.rules["en" if answer.state.get("language") == "en" else "zh"].checks["apology"]
    sentences = [sentence for line in lines for sentence in _SENTENCES.split(line)]
    apologies = sum(any_in(apology, sentence) is not None for sentence in sentences)
    if apologies > 1:
        yield f"{apologies} apologies in one turn"
    if "utter_ack" not in answer.responses:
        return  # what is not chosen from many is said in the same words each time
    if apologies and any(any_in(apology, text) is not None for text in before):
        yield "a second apology"
    used = {opening for text in before for opening in openings(text)}
    if again := {opening for line in lines for opening in openings(line)} & used:
        yield f"begins like before: {', '.join(sorted(again))}"


def _own_words(answer: Answer) -> str:
    """The answer without lists and without what it quotes."""
    return _QUOTED.sub("", "\n".join(line for line in answer.text.splitlines() if not line.startswith("•")))


def _broken_draft(answer: Answer, *, told: Sequence[str], draft: Intake, house: House) -> Iterator[str]:
    key = answer.question
    if key in draft.details and not answer.question.startswith("change"):
        yield f"asks for {key}, which is known: {draft.details[key].display!r}"
    if key in draft.declined:
        yield f"asks for {key}, which was declined"
    everything = _flat(" ".join(told))
    for name, detail in draft.details.items():
        if not all(_flat(part) in everything for part in _PARTS.split(detail.source)):
            yield f"{name} claims a source nobody said: {detail.source!r}"
    category = house.packs.category(draft.category) if draft.category else None
    asked = [
        name for name in draft.asked if name in ("what", "category") or (category and category.field(name))
    ]
    if len(asked) > MAX_QUESTIONS:
        yield f"{len(asked)} questions: {', '.join(asked)}"


def _flat(text: str) -> str:
    return "".join(text.split())
