"""The category: ranked by all that was told, offered when unsure, derived where there is danger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.heard import Heard
from actions.intake.parts import CATEGORY, CONTACT, WANT, WHAT, Line, Listened, Setting
from actions.intake.phrases import pointed_at
from casework.tickets.model import Intake
from understanding.category import MEANT_FOR_US

#: Category probability that is taken without asking, and with a clear lead over the second.
CATEGORY_SURE = 0.60
CATEGORY_LEADS = (0.50, 0.25)
#: Candidates shown as buttons.
CATEGORY_BUTTONS = 3
#: Stands behind the categories of a ranking, with the chance that none of all that the organisation takes is meant.
ELSEWHERE = "elsewhere"
#: From this chance on what was told is taken for something that the organisation does not take.
_RATHER_NOT = 0.5
#: A category less likely than this is not offered to somebody who is probably in the wrong place.
_WORTH_OFFERING = 0.1
#: Where there is danger, a category of that danger wins from this probability on.
_LIKELY_AT_ALL = 0.05
#: A category that one piece does not speak of is not ruled out by it.
_FLOOR = 0.02


def weighed(before: Sequence[tuple[str, float]], now: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Probabilities by both what was told before and what is told now; what was told first counts as much."""
    if not before or not now:
        return list(now or before)
    old, new = dict(before), dict(now)
    product = {code: (old.get(code, 0.0) + _FLOOR) * (new.get(code, 0.0) + _FLOOR) for code in {*old, *new}}
    total = sum(product.values())
    return sorted(((code, p / total) for code, p in product.items()), key=lambda pair: -pair[1])


def _doubt(intake: Intake, heard: Heard) -> float:
    """How likely it is that all that was told belongs elsewhere. The first telling says it; what is added can only
    clear it: a few words about a detail sound like anybody's matter."""
    before = dict(intake.ranking).get(ELSEWHERE)
    if before is None or before >= 1:
        return 1 - heard.ours
    left = before * min(1.0, MEANT_FOR_US * (1 - heard.ours) / max(heard.ours, 1e-9))
    return left / (left + 1 - before)


def ranked(setting: Setting, intake: Intake, heard: Heard) -> Intake:
    """The draft with its category, certain or not, by what was told up to now."""
    if intake.category_certain:
        return intake
    if heard.payload or not heard.categories or heard.text not in intake.description:
        return _danger(setting, _give_up(intake))
    known = [(c, p) for c, p in heard.categories if c in setting.house.packs.codes]
    if not known:
        return _danger(setting, _give_up(intake))
    ranking = weighed([pair for pair in intake.ranking if pair[0] != ELSEWHERE], known)
    (code, first), second = ranking[0], ranking[1][1] if len(ranking) > 1 else 0.0
    lead, margin = CATEGORY_LEADS
    certain = first >= CATEGORY_SURE or (first >= lead and first - second >= margin)
    intake = replace(intake, ranking=(*ranking[:8], (ELSEWHERE, _doubt(intake, heard))))
    intake = replace(intake, offered=_to_offer(intake))
    certain = certain and code not in intake.rejected and not is_elsewhere(intake)
    if certain:
        return choose(setting, intake, _fitting_danger(setting, intake) or code)
    return _danger(setting, _give_up(replace(intake, category="", category_certain=False)))


def is_elsewhere(intake: Intake) -> bool:
    """Whether what was told is likelier something that the organisation does not take."""
    return dict(intake.ranking).get(ELSEWHERE, 0.0) > _RATHER_NOT


def _to_offer(intake: Intake) -> tuple[str, ...]:
    """The likeliest categories that were not refused."""
    least = _WORTH_OFFERING if is_elsewhere(intake) else 0.0
    left = [(c, p) for c, p in intake.ranking if c not in (ELSEWHERE, *intake.rejected) and p >= least]
    return tuple(code for code, _ in left)[:CATEGORY_BUTTONS]


def _fitting_danger(setting: Setting, intake: Intake) -> str:
    """The likeliest category of the danger, where it is likely at all; empty when the danger changes nothing."""
    fitting = setting.house.dangers.get(intake.emergency, ())
    if intake.emergency_level != "P0":
        return ""
    return next((code for code, p in intake.ranking if code in fitting and p >= _LIKELY_AT_ALL), "")


def _danger(setting: Setting, intake: Intake) -> Intake:
    """Where somebody is in danger the category follows from the danger; nobody is asked for it."""
    if intake.emergency_level != "P0" or intake.category_certain:
        return intake
    likely = [code for code, _ in intake.ranking if code != ELSEWHERE]
    fitting = [c for c in setting.house.dangers.get(intake.emergency, ()) if c in setting.house.packs.codes]
    by_likelihood = sorted(fitting, key=lambda c: likely.index(c) if c in likely else len(likely))
    code = next(iter([*by_likelihood, *likely]), "")
    return choose(setting, intake, code) if code else intake


def _give_up(intake: Intake) -> Intake:
    """After two choices that fitted nothing, take the likeliest: staff check it, the person is not kept."""
    if intake.category_certain or intake.failures < 2 or not intake.offered or is_elsewhere(intake):
        return intake
    return replace(intake, category=intake.offered[0], category_certain=True, failures=0)


def choose(setting: Setting, intake: Intake, code: str) -> Intake:
    if code not in setting.house.packs.codes:
        return intake
    return replace(intake, category=code, category_certain=True, failures=0)


def none_of_these(intake: Intake) -> Listened:
    """The offered categories were refused: others, and after the second time a person sorts it."""
    elsewhere = is_elsewhere(intake)
    intake = _refused(intake, *intake.offered)
    if intake.failures >= 1 or not intake.offered or elsewhere:
        return Listened(intake, (Line("utter_no_category_fits"),), "person")
    return Listened(replace(intake, failures=1))


def _refused(intake: Intake, *codes: str) -> Intake:
    """The draft without a category; these fit not, others may."""
    intake = replace(intake, rejected=(*intake.rejected, *codes), category="", category_certain=False)
    return replace(intake, offered=_to_offer(intake))


def not_found(intake: Intake) -> Listened:
    """The person answered something else than which category it is; whom nothing here fits is not kept any longer."""
    intake = replace(intake, failures=intake.failures + 1)
    if intake.failures >= 2 and is_elsewhere(intake):
        return Listened(intake, (Line("utter_no_category_fits"),), "person")
    return Listened(intake)


def nearest(setting: Setting, intake: Intake) -> Intake:
    """For who would rather leave it as a ticket though nothing fits: the likeliest category, whose own questions make
    no sense; staff move it to where it belongs."""
    code = next((code for code, _ in intake.ranking if code != ELSEWHERE), "")
    if not code:
        return intake
    own = [field.key for field in setting.house.packs.category(code).required]
    left_out = [key for key in own if key not in (WHAT, WANT, CONTACT, *intake.details, *intake.declined)]
    return replace(choose(setting, intake, code), declined=(*intake.declined, *left_out), pending="")


def reopened(intake: Intake) -> Intake:
    """The category was wrong: offer others."""
    return replace(_refused(intake, intake.category), pending=CATEGORY, failures=0)


def picked(setting: Setting, intake: Intake, heard: Heard) -> Intake | None:
    """The draft after a choice in words: a name, a place in the list, a denial of one; ``None`` for no choice."""
    said = heard.text.strip().lower().strip("。.!！")
    called = [c for c in intake.offered if said in _names(setting, c)[:2]]
    if called:
        return choose(setting, intake, called[0])
    position, denied = pointed_at(said, len(intake.offered))
    if position is not None and not denied:
        return choose(setting, intake, intake.offered[position])
    out = intake.offered[position] if position is not None else _denied_by_name(setting, intake, said)
    if out:
        left = [code for code in intake.offered if code != out]
        if len(left) == 1:
            return choose(setting, intake, left[0])
        return replace(intake, rejected=(*intake.rejected, out), offered=tuple(left))
    named = [code for code in intake.offered if _is_called(setting, code, said)]
    return choose(setting, intake, named[0]) if named else None


def _names(setting: Setting, code: str) -> tuple[str, ...]:
    category = setting.house.packs.category(code)
    return (
        category.name.zh,
        category.name.en.lower(),
        category.parent_name.zh,
        category.parent_name.en.lower(),
    )


def _is_called(setting: Setting, code: str, said: str) -> bool:
    names = _names(setting, code)
    return any(said == name or (len(said) >= 2 and said in name) or name in said for name in names)


def _denied_by_name(setting: Setting, intake: Intake, said: str) -> str:
    """ "不是态度的问题", "not the rude words": the one that is denied."""
    denial = next((d for d in ("不是", "不要", "不属于", "not ", "isn't ") if said.startswith(d)), "")
    rest = (
        said[len(denial) :]
        .removeprefix("the ")
        .removeprefix("about ")
        .removesuffix("的问题")
        .removesuffix(" one")
    )
    if not denial or len(rest) < 2:
        return ""
    hits = [c for c in intake.offered if any(rest in name or name in rest for name in _names(setting, c))]
    return hits[0] if len(hits) == 1 else ""
