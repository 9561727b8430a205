"""YAML as a tree of text in which every value knows its line; and the same as rows of a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from attrs import field, frozen
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from lull.exchange.finding import Findings, Where
from lull.exchange.raw.encoding import text_of

MOST_BYTES_OF_YAML = 1_000_000
MOST_NODES = 20_000
DEEPEST = 12

Value: TypeAlias = "str | list[Node] | dict[str, Node]"


@frozen
class Node:
    """A value of the tree: text, a list or a mapping, with the line (or sheet row) it is on."""

    value: Value
    line: int

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written."""
        return self.value in ("", [], {})

    @property
    def kind(self) -> str:
        """What it is, in a word."""
        return {str: "text", list: "a list", dict: "a mapping"}[type(self.value)]


class _Unreadable(ValueError):
    """Why a YAML text is not taken, in one sentence, with its line."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(sentence)
        self.line = line


def read_yaml(raw: bytes, file: str, findings: Findings) -> Node | None:
    """Read the bytes of a YAML file; None (and a finding) where that is impossible."""
    where = Where(file)
    if len(raw) > MOST_BYTES_OF_YAML:
        findings.error("too large", where, f"The file has {len(raw) / 1e6:,.1f} MB; at most "
                       f"{MOST_BYTES_OF_YAML / 1e6:,.0f} MB are read.")
        return None
    text = text_of(raw, file, findings, "The file is empty.")
    if text is None:
        return None
    try:
        root = YAML(typ="safe", pure=True).compose(text)
        if root is None:
            raise _Unreadable("The file holds nothing but comments.")
        node = _Counted().tree(root, 0)
    except _Unreadable as error:
        findings.error("yaml", Where(file, error.line), str(error))
        return None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        findings.error("yaml", Where(file, mark.line + 1 if mark else 0), "The file cannot be "
                       f"read as YAML: {error.problem or error.context}. Look at the indentation "
                       "and the colons.")
        return None
    except (YAMLError, RecursionError, ValueError, OverflowError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        findings.error("yaml", where, f"The file cannot be read as YAML: {reason}.")
        return None
    return node


class _Counted:
    """Turns composed nodes into a tree, and stops when it grows beyond all sense."""

    def __init__(self) -> None:
        self.nodes = 0

    def tree(self, node: Any, depth: int) -> Node:
        """The tree below one composed node; raises _Unreadable."""
        line = node.start_mark.line + 1
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise _Unreadable(f"The file holds more than {MOST_NODES:,} values.", line)
        if depth > DEEPEST:
            raise _Unreadable(f"The file is nested more than {DEEPEST} deep.", line)
        if isinstance(node, ScalarNode):
            bare = node.style is None and node.value in ("null", "Null", "NULL", "~")
            return Node("" if bare else node.value.strip(), line)
        if isinstance(node, SequenceNode):
            return Node([self.tree(child, depth + 1) for child in node.value], line)
        if not isinstance(node, MappingNode):
            raise _Unreadable("The file holds something other than text, lists and keys.", line)
        mapping: dict[str, Node] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                raise _Unreadable("A key must be a plain word.", key.start_mark.line + 1)
            name = key.value.strip()
            if name in mapping:
                raise _Unreadable(f"The key {name!r} stands twice; the first is in line "
                                  f"{mapping[name].line}.", key.start_mark.line + 1)
            mapping[name] = self.tree(value, depth + 1)
        return Node(mapping, line)


def flatten(node: Node, path: str = "") -> Iterator[tuple[str, str]]:
    """Rows (`windows.1.from`, text) that hold the same as the tree; blanks are left out."""
    if isinstance(node.value, str):
        if node.value:
            yield path, node.value
        return
    children = (
        node.value.items()
        if isinstance(node.value, dict)
        else ((str(i), child) for i, child in enumerate(node.value, 1))
    )
    for name, child in children:
        yield from flatten(child, f"{path}.{name}" if path else name)


@frozen
class _Branch:
    line: int
    children: dict[str, Any] = field(factory=dict)


def unflatten(
    rows: Iterator[tuple[int, str, str]], file: str, findings: Findings
) -> Node:
    """The tree of rows (row number, `windows.1.from`, text); says what does not fit."""
    root = _Branch(1)
    for count, (number, path, text) in enumerate(rows):
        where = Where(file, number)
        parts = path.strip().split(".")
        if count >= MOST_NODES or len(parts) > DEEPEST or not all(parts):
            findings.error("pause sheet", where, f"{path!r} is not a key such as windows.1.from.",
                           path, "a key such as windows.1.from")
            continue
        branch: Any = root
        for part in parts[:-1]:
            branch = branch.children.setdefault(part, _Branch(number))
            if not isinstance(branch, _Branch):
                break
        if not isinstance(branch, _Branch) or parts[-1] in branch.children:
            findings.error("pause sheet", where, f"The key {path!r} stands twice, or stands for "
                           "a text and for a list.", path)
            continue
        branch.children[parts[-1]] = Node(text.strip(), number)
    return _grown(root)


def _grown(branch: Any) -> Node:
    if isinstance(branch, Node):
        return branch
    if branch.children and all(name.isdecimal() for name in branch.children):
        ordered = sorted(branch.children.items(), key=lambda pair: int(pair[0]))
        return Node([_grown(child) for _, child in ordered], branch.line)
    return Node({name: _grown(child) for name, child in branch.children.items()}, branch.line)
