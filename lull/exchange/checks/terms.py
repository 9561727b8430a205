"""Questions about the terms of the pause: its hours, its parties, what they said."""

from __future__ import annotations

from lull.exchange.build.draft import Draft

SHORTEST_MINUTES = 30
LONGEST_MINUTES = 4_320
"""Windows shorter or longer than this are asked about (assumed)."""


def windows_make_sense(draft: Draft) -> None:
    """A window is longer than its margin, and not so long that a date is likely wrong."""
    if draft.pause is None:
        return
    margin = draft.pause.rules.margin
    for i, window in enumerate(draft.pause.windows):
        where = draft.entry.entries("windows")[i].at("to")
        if window.minutes <= max(margin, SHORTEST_MINUTES):
            draft.findings.warn(
                "short window", where, f"The window lasts {window.minutes} minutes and everyone "
                f"must be out {margin} minutes before it closes.", f"{window.minutes} minutes",
                "a longer window",
            )
        elif window.minutes > LONGEST_MINUTES:
            draft.findings.warn(
                "long window", where, f"The window lasts {window.minutes / 60:.0f} hours; is the "
                "date right?", f"{window.minutes / 60:.0f} hours", "at most 72 hours",
            )


def notice_comes_before(draft: Draft) -> None:
    """Those who mobilise are told before the pause begins."""
    pause = draft.pause
    if pause is not None and pause.notice is not None and pause.notice > 0:
        draft.findings.warn(
            "notice", draft.entry.at("notice_at"), "The notice comes after the first window has "
            "opened; vehicles mobilise only then.", str(draft.entry.get("notice_at")),
            "a time before the first window",
        )


def parties_are_named(draft: Draft) -> None:
    """Without a party whose agreement is needed, everything would count as agreed."""
    if draft.pause is None:
        return
    if not any(party.must_agree for party in draft.pause.parties):
        draft.findings.warn(
            "no party", draft.entry.at("parties"), "No party is named that must agree, so every "
            "corridor counts as agreed; name those who may fire.", "", "parties that must agree",
        )


def parties_have_answered(draft: Draft) -> None:
    """Each party that must agree has a consent or its absence on record, with a source."""
    if draft.pause is None:
        return
    answered = {consent.party for consent in draft.pause.consents}
    for i, party in enumerate(draft.pause.parties):
        if party.must_agree and party.id not in answered:
            draft.findings.warn(
                "no consent", draft.entry.entries("parties")[i].at("id"), f"Nothing is on record "
                f"of what {party.name!r} has said; as recorded, no corridor is in force without "
                "it.", party.id, "a consent, or no_answer",
            )
    for i, consent in enumerate(draft.pause.consents):
        if not consent.source:
            draft.findings.warn(
                "consent without source", draft.entry.entries("consents")[i].at("source"),
                f"What {consent.party!r} said has no source.", "", "a source",
            )


def parties_stand_once(draft: Draft) -> None:
    """No two parties share an id."""
    seen: set[str] = set()
    for entry in draft.entry.entries("parties"):
        name = entry.get("id")
        if name in seen:
            draft.findings.error("duplicate", entry.at("id"), f"The party {name!r} stands twice.",
                                 str(name), "each party once")
        seen.add(name)
