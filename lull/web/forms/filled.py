"""A form as it was filled in: its fields with what stands in them, and the payload that it makes.

What cannot be read is handed on as it stands, so that the record's own reader says what is wrong
with it. Names are paths such as `f.vehicles.2.number`; groups of a list count from 1, and those in
which nothing was filled in do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from attrs import evolve, frozen

from lull.domain.records.form import decimal_text, instant
from lull.web.forms.fields import Field, Kind
from lull.web.pages.zones import Clock, NoSuchTime, instant_of

PREFIX = "f"
MOST_GROUPS = 200
"""Groups of one list that a form holds."""
FIGURES = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")
"""Arabic and Persian figures, as keyboards write them."""
WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)


@frozen
class Filled:
    """A field with what stands in it.

    `value` is text, a list of texts (choices), or whether it is ticked; `groups` are the groups of
    a list, or the one of a group. `wrong` are sentences about it.
    """

    field: Field
    path: str
    value: Any = ""
    groups: tuple[tuple[Filled, ...], ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its name as an id of the page."""
        return self.path.replace(".", "-")

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        if self.field.constant:
            return True
        if self.field.fields:
            return all(inner.is_blank for group in self.groups for inner in group)
        return not self.value

    @property
    def has_wrong(self) -> bool:
        """Whether anything in it is wrong."""
        return bool(self.wrong) or any(i.has_wrong for group in self.groups for i in group)

    @property
    def has_said(self) -> bool:
        """Whether it is to be seen at once: something stands in it, or is wrong with it."""
        return not self.is_blank or self.has_wrong

    @property
    def kind(self) -> str:
        """How it is filled in, in a word for templates."""
        return self.field.kind.value


def blank(fields: Sequence[Field], at: str = PREFIX) -> tuple[Filled, ...]:
    """A form with nothing in it."""
    return tuple(_blank(field, f"{at}.{field.name}") for field in fields)


def _blank(field: Field, path: str) -> Filled:
    if field.kind is Kind.GROUP:
        return Filled(field, path, groups=(blank(field.fields, path),))
    if field.kind is Kind.GROUPS:
        groups = (blank(field.fields, f"{path}.1"),) if field.required else ()
        return Filled(field, path, groups=groups)
    empty: Any = [] if field.kind is Kind.CHOICES else False if field.kind is Kind.TICK else ""
    return Filled(field, path, empty)


def with_room(one: Filled) -> Filled:
    """A list with a first group to be filled in, where it has none."""
    if one.groups or not one.field.many:
        return one
    return evolve(one, groups=(blank(one.field.fields, f"{one.path}.1"),))


def of_payload(fields: Sequence[Field], node: Mapping[str, Any], clock: Clock,
               at: str = PREFIX) -> tuple[Filled, ...]:
    """A form filled in with what a payload says."""
    return tuple(_of_node(field, node.get(field.name), f"{at}.{field.name}", clock)
                 for field in fields)


def _of_node(field: Field, node: Any, path: str, clock: Clock) -> Filled:
    if node is None:
        return _blank(field, path)
    if field.kind is Kind.GROUP:
        return Filled(field, path, groups=(of_payload(field.fields, node, clock, path),))
    if field.kind is Kind.GROUPS:
        groups = tuple(of_payload(field.fields, one, clock, f"{path}.{i}")
                       for i, one in enumerate(node, 1))
        return Filled(field, path, groups=groups)
    if field.kind is Kind.LINES:
        return Filled(field, path, "\n".join(node))
    if field.kind is Kind.TIME and (at := instant(node)):
        return Filled(field, path, clock.field(at))
    if field.kind in (Kind.CHOICES, Kind.TICK):
        return Filled(field, path, node)
    return Filled(field, path, str(node))


def of_post(fields: Sequence[Field], post: Any, *, more: str = "", at: str = PREFIX
            ) -> tuple[Filled, ...]:
    """A form as it was sent (a QueryDict); `more` is the path of a list that gets one more group.

    Groups in which nothing stands are dropped and those behind them move up.
    """
    return tuple(_of_post(field, post, f"{at}.{field.name}", f"{at}.{field.name}", more)
                 for field in fields)


def _of_post(field: Field, post: Any, sent: str, path: str, more: str) -> Filled:
    """A field as it was sent under one name, which now has another where groups moved up."""
    if field.kind is Kind.GROUP:
        return Filled(field, path, groups=(_group(field, post, sent, path, more),))
    if field.kind is Kind.GROUPS:
        return _list(field, post, sent, path, more)
    if field.kind is Kind.CHOICES:
        return Filled(field, path, [v for v in post.getlist(sent) if v])
    if field.kind is Kind.TICK:
        return Filled(field, path, bool(post.get(sent)))
    text = str(post.get(sent, "")).replace("\r\n", "\n")  # browsers end lines as mail does
    return Filled(field, path, text.strip())


def _group(field: Field, post: Any, sent: str, path: str, more: str) -> tuple[Filled, ...]:
    return tuple(_of_post(inner, post, f"{sent}.{inner.name}", f"{path}.{inner.name}", more)
                 for inner in field.fields)


def _list(field: Field, post: Any, sent: str, path: str, more: str) -> Filled:
    groups: list[tuple[Filled, ...]] = []
    count = str(post.get(f"{sent}.count", "0"))
    for at in range(1, min(int(count) if count.isdecimal() else 0, MOST_GROUPS) + 1):
        group = _group(field, post, f"{sent}.{at}", f"{path}.{len(groups) + 1}", more)
        if not all(inner.is_blank for inner in group):
            groups.append(group)
    if more == sent or (field.required and not groups):
        groups.append(blank(field.fields, f"{path}.{len(groups) + 1}"))
    return Filled(field, path, groups=tuple(groups))


def payload_of(form: Sequence[Filled], zone: str) -> dict[str, Any]:
    """The payload that a form makes; blank fields are left out."""
    made = {one.field.name: value for one in form
            if (value := _value(one, zone)) is not False and value not in ("", [], {})}
    # nought is a figure, and not nothing
    constants = {one.field.name: one.field.constant for one in form if one.field.constant}
    return made | constants if made else made


def _value(one: Filled, zone: str) -> Any:
    kind = one.field.kind
    if one.field.constant:
        return ""
    if kind is Kind.GROUP:
        return payload_of(one.groups[0], zone)
    if kind is Kind.GROUPS:
        made = [payload_of(group, zone) for group in one.groups]
        return [group for group in made if group]
    if kind is Kind.LINES:
        return [line.strip() for line in one.value.splitlines() if line.strip()]
    if kind in (Kind.INTEGER, Kind.FIGURE, Kind.TIME):
        return _read(kind, one.value, zone)
    return one.value


def _read(kind: Kind, text: str, zone: str) -> Any:
    """What a text says as a figure or a time; as it stands where it says none."""
    plain = text.translate(FIGURES).replace(" ", "")
    if not plain:
        return ""
    try:
        if kind is Kind.INTEGER:
            return int(plain) if WHOLE.fullmatch(plain) else text
        if kind is Kind.FIGURE:
            return decimal_text(Decimal(plain))
        return instant_of(plain, zone)
    except (ValueError, InvalidOperation):
        return text


def times_wrong(form: Sequence[Filled], zone: str) -> Iterator[tuple[str, str]]:
    """Path and sentence of each time that a clock skips or shows twice."""
    for one in form:
        for group in one.groups:
            yield from times_wrong(group, zone)
        if one.field.kind is Kind.TIME and one.value:
            try:
                instant_of(one.value.translate(FIGURES), zone)
            except NoSuchTime as wrong:
                yield one.path, str(wrong)
            except ValueError:
                continue


def told(form: Sequence[Filled], errors: Mapping[str, Sequence[str]]) -> tuple[Filled, ...]:
    """A form with sentences at the fields that they are about, by path."""
    return tuple(
        evolve(one, wrong=tuple(errors.get(one.path, ())),
               groups=tuple(told(group, errors) for group in one.groups))
        for one in form
    )


def paths(form: Sequence[Filled]) -> Iterator[str]:
    """Every path of a form."""
    for one in form:
        yield one.path
        for group in one.groups:
            yield from paths(group)
