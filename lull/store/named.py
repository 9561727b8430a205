"""Names in code as English words: of fields, states, steps, roles and choices."""

from __future__ import annotations

UNITS = {"kg": "kg", "km": "km", "m": "m", "m3": "m³", "t": "tonnes", "deg": "degrees",
         "minutes": "minutes", "litres": "litres", "persons": "persons"}
"""What a field's name ends with where it has a unit."""
PLAIN = {"sha256": "SHA-256", "mgrs": "MGRS", "email": "e-mail", "api": "API", "id": "id",
         "kcal": "kcal",
         "ied": "IED", "erw": "ERW", "uxo": "UXO"}
"""How a part of a name is written within words."""
WORDS = {
    "id": "Code", "name_local": "Name in the local script", "sha256": "Hash (SHA-256)",
    "route_sha256": "Hash of the route (SHA-256)",
    "receipt_sha256": "Hash of the receipt (SHA-256)",
    "manifest_sha256": "Hash of the cargo list (SHA-256)",
    "payload_sha256": "Hash of what was sent (SHA-256)",
    "document_sha256": "Hash of the document (SHA-256)",
    "notification_hash": "Hash of the notification's entry",
    "signs_as": "Signs as (function)", "by_function": "By (function)",
    "reporter_function": "Reported by (function)",
    "reporter_organisation": "Reported by (organisation)",
    "by_voice_taken_by": "If by voice: taken by (function)",
    "stand_off": "Stand-off distances", "distance_m": "Distance (m)",
    "hours_p50": "Hours needed in half of all cases (P50)",
    "hours_p90": "Hours needed in nine of ten cases (P90)",
    "mines_ied_erw_uxo": "Mines, explosive devices and unexploded ordnance",
    "violence_against_personnel_facilities_assets": "Violence against staff, facilities or assets",
    "use_of_pause_for_military_gain": "Use of the pause for military gain",
    "clause_men_of_fighting_age": "Clause on men of fighting age",
    "clause_fighters": "Clause on fighters", "clause_voluntariness": "Clause on leaving by choice",
    "screening_present": "Who is present at screening",
    "footprint_reference": "Reference of the site's outline",
    "area_polygon_reference": "Reference of the area's outline",
    "picture_reference": "Reference of the picture",
    "list_reference": "Reference of the list, kept elsewhere",
    "victims_list_reference": "Reference of the list of victims, kept elsewhere",
    "check_in_minutes": "Minutes between check-ins",
    "notice_minutes": "Notice before it begins (minutes)",
    "actually_arrived": "Arrived in fact", "actually_left": "Left in fact",
    "turning_back_order": "Order for turning back",
    "nearest_shelter_order": "Order for the nearest shelter",
    "return_stops": "Stops on the way back", "route_waypoints": "Waypoints of the route",
    "consent_at": "Consent given at", "after_action": "After-action report",
    "note_no_answer": "Note that there is no answer", "not_confirm": "Find not confirmed",
    "cannot_verify": "Find that it cannot be verified", "no_go": "Does not leave",
    "go": "Leaves", "move_on": "Goes on", "minutes_low": "Minutes, at best",
    "minutes_likely": "Minutes, likely", "minutes_high": "Minutes, at worst",
    "sub_type": "Kind in detail", "hazardous_or_dual_use": "Hazardous or dual use",
    "fighters_out_by_own_side": "Fighters who left, as their own side says",
    "is_new": "What is new in it", "rests_on": "What it rests on",
    "must_agree": "Must agree before it is agreed", "make": "Make of vehicle",
    "suspension_is_told_by": "How a suspension is told",
    "overflight_rule": "Rule for flights", "commencement_rule": "How it begins",
    "mines_cleared_at": "Cleared of mines at", "mines_cleared_by": "Cleared of mines by",
    "wished_to_leave_and_not_moved": "Wished to leave and were not moved",
    "site": "Site", "closure": "Closure of a road", "assumed": "Assumed", "slowed": "Slowed",
    "mines_suspected": "Mines suspected",
    "what": "What it is", "field_clerk": "Field clerk", "leased": "In work",
}
"""Names that read badly as they stand."""
CHOICES = {
    "reliability": {
        "A": "A, reliable", "B": "B, usually reliable", "C": "C, fairly reliable",
        "D": "D, not usually reliable", "E": "E, unreliable", "F": "F, cannot be judged"},
    "credibility": {
        "1": "1, confirmed by others", "2": "2, probably true", "3": "3, possibly true",
        "4": "4, doubtful", "5": "5, improbable", "6": "6, cannot be judged"},
    "severity": {"0": "0, none", "1": "1, low", "2": "2, moderate", "3": "3, high",
                 "X": "X, not known"},
}
"""Choices that are letters or figures, by their field: the Admiralty code (United States Army,
FM 2-22.3, appendix B) and the severity of constraints on access as ACAPS counts it."""


def in_english(name: str) -> str:
    """A name such as `removed_at_check_kg` as English words: «Removed at check (kg)»."""
    if name in WORDS:
        return WORDS[name]
    if name.endswith("_by_function"):
        return in_english(name.removesuffix("_function")) + " (function)"
    parts = name.split("_")
    unit = UNITS.get(parts[-1]) if len(parts) > 1 else None
    if unit:
        parts = parts[:-1]
    text = " ".join(PLAIN.get(part, part) for part in parts)
    text = text[:1].upper() + text[1:]
    return f"{text} ({unit})" if unit else text
