"""A request for an extension, drafted from the figures of an answer and the requests before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from math import ceil, isfinite
from typing import Any

from attrs import frozen

from lull.domain.records.common import Span
from lull.domain.records.form import as_json, read
from lull.domain.records.request import ExtensionRequest, StillWaiting, chain_of, marked
from lull.domain.refusal import Refusal, require

EXTENSION, PLAN = "lull extension 1", "lull plan 1"
"""The forms of answers from which a request is drafted."""


@frozen(kw_only=True)
class Particulars:
    """What no figure can fill. `until` is the end that is asked for where the figures give none."""

    reference: str
    pause: str
    organisation: str
    function: str
    addressees: tuple[str, ...]
    version: int = 1
    proposals: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    until: datetime | None = None


def drafted(answer: Mapping[str, Any], of: Particulars,
            requests: Iterable[ExtensionRequest] = ()) -> tuple[ExtensionRequest, list[str]]:
    """The draft of a request from what `lull extension` or a plan answered, as JSON, and the chain
    of earlier ones, the earliest first.

    `requests` are those known: proposals are marked new or repeated by the chain that `of.earlier`
    leads to. Raises Refusal where the answer is of another form, or there is nothing to ask for.
    """
    forms = {EXTENSION: _of_extension, PLAN: _of_plan}
    form = answer.get("form")
    if not isinstance(form, str) or form not in forms:
        raise Refusal(f"The answer is of the form {form!r}; it must be one of: "
                      f"{', '.join(forms)}.")
    try:
        found = forms[form](answer)
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, IndexError):
        raise Refusal(f"This is no answer of the form {form!r}: fields are missing or of another "
                      "kind. Send it as it was printed with --json.") from None
    until = _to_the_second(of.until) or found.until
    if until is None or until <= found.closes:
        raise Refusal("There is nothing to ask for: the answer asks for no later end; say until "
                      "when.")
    texts = tuple(dict.fromkeys((*found.proposals, *of.proposals)))
    require(bool(texts), "Say what is proposed.")
    chain = chain_of(of.earlier, requests)
    made = ExtensionRequest(
        reference=of.reference, version=of.version, pause=of.pause,
        organisation=of.organisation, function=of.function, addressees=of.addressees,
        windows=(Span(start=found.closes, end=until),), proposals=marked(texts, chain),
        waiting=found.waiting, guarantees_outstanding=found.outstanding,
        consents_obtained=found.consenting, latest_useful_decision=found.decide_by,
        unused_so_far=" ".join(found.unused), earlier_requests=of.earlier)
    made = read(ExtensionRequest, as_json(made))  # what the answer held may be of another kind
    return made, list(dict.fromkeys(r.reference for r in chain))


@frozen(kw_only=True)
class _Figures:
    """What an answer fills."""

    closes: datetime
    until: datetime | None
    waiting: StillWaiting
    proposals: tuple[str, ...] = ()
    outstanding: tuple[str, ...] = ()
    consenting: tuple[str, ...] = ()
    decide_by: datetime | None = None
    unused: tuple[str, ...] = ()


def _of_extension(answer: Mapping[str, Any]) -> _Figures:
    now = {f["of"]: f["found"] for f in answer["steps"][0]["figures"]}
    asked = answer["asked"]

    def left(measure: str) -> float:
        return max(0.0, float(asked.get(measure, 0)) - float(now.get(measure, 0)))

    p50, p90 = (_hours(answer[f"needed_minutes_{p}"]) for p in ("p50", "p90"))
    both = p50 is not None and p90 is not None
    return _Figures(
        closes=_instant(answer["closes_utc"]), until=_instant(answer["requested_end_utc"]),
        decide_by=_instant(answer["latest_decision_utc"]), proposals=_texts(answer["new_in_it"]),
        waiting=StillWaiting(
            persons=_up(left("persons")), patients=_up(left("patients")),
            aid_t=_figure(left("tonnes")), hours_p50=p50 if both else None,
            hours_p90=p90 if both else None, hours_on_paper=_hours(answer["needed_minutes"]),
            persons_an_hour=round(max(Decimal(0), _figure(float(answer["people_an_hour"])))),
            rests_on=_rests_on(answer)),
        outstanding=tuple(dict.fromkeys(f"{s['party']}: {s['outstanding']}"
                                        for s in answer["said"] if s["outstanding"])),
        consenting=tuple(dict.fromkeys(s["party"] for s in answer["said"]
                                       if s["stance"] == "agreed" and not s["outstanding"])),
        unused=_texts(answer["not_used"]))


def _of_plan(answer: Mapping[str, Any]) -> _Figures:
    totals = answer["totals"]
    left_t = max(0.0, float(totals["tonnes_needed"]) - float(totals["tonnes"]))
    return _Figures(
        closes=_instant(answer["windows"][-1]["closes_utc"]), until=None,
        waiting=StillWaiting(
            persons=max(0, int(totals["wishing"]) - int(totals["persons"])),
            patients=max(0, int(totals["patients_wishing"]) - int(totals["patients"])),
            aid_t=_figure(left_t), rests_on=_rests_on(answer)))


def _rests_on(answer: Mapping[str, Any]) -> str:
    return (f"{answer['form']}; consents {answer['consents']}; --work {answer['work']} "
            f"--seed {answer['seed']}")


def _texts(node: Any) -> tuple[str, ...]:
    if not isinstance(node, list) or not all(isinstance(one, str) for one in node):
        raise ValueError
    return tuple(node)


def _instant(text: Any) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError
    return found.astimezone(UTC).replace(microsecond=0)


def _to_the_second(at: datetime | None) -> datetime | None:
    require(at is None or at.tzinfo is not None, "The end that is asked for needs a time zone.")
    return None if at is None else at.astimezone(UTC).replace(microsecond=0)


def _hours(minutes: Any) -> Decimal | None:
    return None if minutes is None else _figure(int(minutes) / 60)


def _up(people: float) -> int:
    return ceil(people - 1e-9)


def _figure(value: float) -> Decimal:
    if not isfinite(value):
        raise ValueError
    return Decimal(f"{value:.2f}")
