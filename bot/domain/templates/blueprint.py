"""A project drawn up once: what stays the same for every row, and the places its values go to.

Here each placeholder gets the one spelling its place allows; a placeholder where a value could do harm is a flaw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.contract import Field, FieldType
from bot.domain.templates.markup import Spot, link_spot, read_html, read_svg
from bot.domain.templates.nodes import Fixed, Group, Markup, Node, Series, Slot, Text, Typed
from bot.domain.templates.placeholders import PLACEHOLDER, Flaw, Path, Settler
from bot.domain.templates.proven import ProvenDict, ProvenList
from bot.domain.templates.spellings import (
    Spelling,
    in_address,
    in_markup,
    is_one_word,
    plainly,
    robots_in_drawing,
    unbracketed,
)

_PLAIN_TYPES = frozenset({FieldType.COLOR, FieldType.NUMBER, FieldType.MONEY, FieldType.DATE, FieldType.BOOL})
"""Types whose every value is a few plain signs: they may stand where a text could do harm."""

_NOT_YET = frozenset({"iterate", "iterateAs"})
_MARKUP = {"svg": read_svg, "html": read_html}
_ADDRESSES = frozenset({"src", "thumbnail"})


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One format's project, ready to be filled."""

    root: Node
    flaws: tuple[Flaw, ...]
    unknown: frozenset[str]
    """Placeholders that nothing fills."""

    constants: frozenset[str]
    """Names that the project's own variables filled."""

    used: frozenset[str]
    """Names that a row or the robot fills."""


def draw_up(project: Mapping[str, Any], fields: Mapping[str, Field], robots: Sequence[str]) -> Blueprint:
    """Prepares a project for the values of these fields and the robot's own."""
    settler = Settler({*fields, *robots})
    drafter = _Drafter(fields)
    root = drafter.node(settler.settled(project), ())
    return Blueprint(
        root,
        flaws=(*settler.flaws, *drafter.flaws),
        unknown=frozenset(settler.unknown),
        constants=frozenset(settler.constants),
        used=frozenset(drafter.used) & frozenset(settler.fillable),
    )


@dataclass
class _Drafter:
    """Turns a settled project into nodes, and notes what must not be."""

    fields: Mapping[str, Field]
    flaws: list[Flaw] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def node(self, node: Any, path: Path) -> Node:
        if isinstance(node, Mapping):
            return self._group(node, path)
        if isinstance(node, list):
            return self._series(node, path)
        return self._text(node, path) if isinstance(node, str) else Fixed(node)

    def _group(self, node: Mapping[str, Any], path: Path) -> Node:
        for key in sorted(_NOT_YET & set(node)):
            self._refuse((*path, key), "cannot be used yet; write the scenes out one by one")
        parts = tuple(
            (key, self.node(value, (*path, key)))
            for key, value in node.items()
            if key != "condition" and key not in _NOT_YET
        )
        fixed = ProvenDict((key, part.value) for key, part in parts if isinstance(part, Fixed))
        return Fixed(fixed) if len(fixed) == len(parts) else Group(fixed, _open(parts))

    def _series(self, nodes: list[Any], path: Path) -> Node:
        parts = tuple(
            (self._condition(node, (*path, at)), self.node(node, (*path, at)))
            for at, node in enumerate(nodes)
        )
        if all(condition is None and isinstance(part, Fixed) for condition, part in parts):
            return Fixed(ProvenList(part.fill({}) for _, part in parts))
        return Series(parts)

    def _condition(self, node: Any, path: Path) -> Node | None:
        if not isinstance(node, Mapping) or "condition" not in node:
            return None
        return self.node(node["condition"], (*path, "condition"))

    # -- texts ----------------------------------------------------------------

    def _text(self, text: str, path: Path) -> Node:
        key = path[-1] if path else ""
        names = PLACEHOLDER.findall(text)
        self.used.update(names)
        if key in _MARKUP and "designer" not in path:
            return self._markup(text, str(key), path)
        if not names:
            return Fixed(text)
        if path == ("name",):
            return Fixed("")  # the contract's name rule takes its place
        if "customCode" in path:
            self._refuse(path, "must hold no placeholder: what people type would run as code")
            return Fixed(text)
        return self._value(text, names, path)

    def _value(self, text: str, names: list[str], path: Path) -> Node:
        """What is no markup; what only the editor reads is plain, whatever its keys are called."""
        key = "" if "designer" in path else path[-1]
        if "style" in path[:-1] and "designer" not in path:
            for name in names:
                self._must_be_plain(name, path)
        elif key in _ADDRESSES:
            return self._address(text, path)
        elif key == "text":
            return Text(_pieces(text, lambda _at, name: Slot(name, unbracketed)))
        if PLACEHOLDER.fullmatch(text.strip()):
            return Typed(names[0], self.fields[names[0]].type if names[0] in self.fields else None)
        return Text(_pieces(text, lambda _at, name: Slot(name, plainly)))

    def _markup(self, text: str, key: str, path: Path) -> Node:
        reading = _MARKUP[key](text)
        for words in reading.flaws:
            self._refuse(path, words)
        if reading.flaws or not reading.spots:
            return Fixed(text)
        is_drawing = key == "svg"
        pieces = _pieces(
            text,
            lambda at, name: Slot(name, self._spelling(name, reading.spots[at], path, is_drawing=is_drawing)),
        )
        return Markup(pieces, is_drawing)

    def _spelling(self, name: str, spot: Spot, path: Path, *, is_drawing: bool) -> Spelling:
        if spot in {Spot.WORD, Spot.STYLE}:
            self._must_be_plain(name, path)
        if spot is Spot.LINK:
            self._must_be_address(name, path)
        if spot is Spot.LINK_PART:
            return in_address
        return robots_in_drawing if is_drawing and name not in self.fields else in_markup

    def _address(self, text: str, path: Path) -> Node:
        whole = text.strip()

        def slot(at: int, name: str) -> Slot:
            found = list(PLACEHOLDER.finditer(whole))[at]
            spot = link_spot(whole[: found.start()], whole[found.end() :])
            if spot is None:
                self._refuse(
                    path,
                    "has a placeholder in its scheme or host; it may be all of it, or come after the host",
                )
            if spot is Spot.LINK:
                self._must_be_address(name, path)
            return Slot(name, in_address if spot is Spot.LINK_PART else plainly)

        return Text(_pieces(whole, slot))

    # -- who may stand where --------------------------------------------------

    def _must_be_plain(self, name: str, path: Path) -> None:
        one = self.fields.get(name)
        if one is None:
            is_plain = name == "format"
        elif one.type is FieldType.CHOICE:
            is_plain = all(map(is_one_word, (*one.choices, one.fallback)))
        else:
            is_plain = one.type in _PLAIN_TYPES
        if not is_plain:
            what = "a colour, a number, a date or a choice of plain words"
            self._refuse(path, f"{{{{{name}}}}} stands where only {what} may; {self._told(name)}")

    def _must_be_address(self, name: str, path: Path) -> None:
        one = self.fields.get(name)
        if one is None or not one.type.is_link:
            what = "its field must be of type image, video, gif, audio or url"
            self._refuse(path, f"{{{{{name}}}}} is a whole address, so {what}; {self._told(name)}")

    def _told(self, name: str) -> str:
        return (
            f"[fields.{name}] is of type {self.fields[name].type}"
            if name in self.fields
            else "it is any text"
        )

    def _refuse(self, path: Path, words: str) -> None:
        self.flaws.append(Flaw(path, words))


def _open(parts: Sequence[tuple[str, Node]]) -> tuple[tuple[str, Node], ...]:
    return tuple((key, part) for key, part in parts if not isinstance(part, Fixed))


def _pieces(text: str, slot: Callable[[int, str], Slot]) -> tuple[str | Slot, ...]:
    pieces = PLACEHOLDER.split(text)
    made = [piece if index % 2 == 0 else slot(index // 2, piece) for index, piece in enumerate(pieces)]
    return tuple(piece for piece in made if piece != "")
