"""What a question has to say, as sentences, tables and pictures: the same on a page and a terminal.
"""

from __future__ import annotations

from attrs import field, frozen

from lull.domain.refusal import require
from lull.report.timetables import Table


@frozen
class Picture:
    """A drawing as SVG text (an `<svg>` element with the classes of the style sheet).

    `name` is fit for a file; `label` says what it shows to one who cannot see it.
    """

    name: str
    svg: str
    label: str
    caption: str = ""


@frozen
class Part:
    """One part of an answer under a heading: sentences, then pictures, then their figures."""

    title: str
    sentences: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()


@frozen
class Told:
    """The answer to one question, ready to be shown.

    `verb` is the question's own, which also names its files; `sentences` are the answer itself, the
    first of them the headline; `rests_on` says what each figure rests on (bound, plan, simulated,
    assumed input); `again` is the command that gives the same answer. Raises Refusal without a
    sentence: an answer says something.
    """

    verb: str
    title: str
    sentences: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    rests_on: tuple[str, ...] = ()
    again: str = ""
    consents: str = ""
    warnings: tuple[str, ...] = field(default=())

    def __attrs_post_init__(self) -> None:
        require(bool(self.sentences), f"The answer to {self.verb!r} says nothing.")

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, in order."""
        return tuple(picture for part in self.parts for picture in part.pictures)
