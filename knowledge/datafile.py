"""One YAML file -> checked data, or every problem in it with the place as the editor sees it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from .errors import Problem

Location = tuple[str | int, ...]


_STR, _FLOAT, _MERGE = (f"tag:yaml.org,2002:{name}" for name in ("str", "float", "merge"))
_MAY_BE_OTHER = frozenset(c for c in yaml.CSafeLoader.yaml_implicit_resolvers if c)  # how numbers, true, off, … begin


class _Loader(yaml.CSafeLoader):
    """Notes keys that are written twice in one place; YAML itself keeps the last without a word.

    Plain text, nearly all of the data, goes past the general machinery (24,000 words: 0.35 s -> 0.15 s). A text or a
    number that stands in many places is held once.
    """

    def __init__(self, stream: str):
        super().__init__(stream)
        self.twice: list[tuple[Hashable, int]] = []
        self._texts: dict[str, str] = {}
        self._numbers: dict[str, Any] = {}  # by how they are written: 0.0 is not -0.0

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: tuple[bool, bool]) -> str:
        if kind is yaml.ScalarNode and value and value[0] not in _MAY_BE_OTHER:
            return _STR
        return super().resolve(kind, value, implicit)  # type: ignore[no-any-return]

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        if type(node) is yaml.ScalarNode:
            if node.tag == _STR:
                return self._texts.setdefault(node.value, node.value)
            if node.tag == _FLOAT:
                if node.value not in self._numbers:
                    self._numbers[node.value] = super().construct_object(node, deep=deep)
                return self._numbers[node.value]
        return super().construct_object(node, deep=deep)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        pairs = node.value[:]  # as written: a merge (<<) changes node.value
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            seen: set[Hashable] = set()
            for key_node in (k for k, _ in pairs if k.tag != _MERGE):
                key = self.construct_object(key_node, deep=True)
                if key in seen:
                    self.twice.append((key, key_node.start_mark.line + 1))
                seen.add(key)
        return mapping


def read_yaml(path: Path, name: str) -> tuple[Any, list[Problem]]:
    """What the file says, and what is wrong with it as YAML. `name` is what problems call the file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [Problem(name, "", f"byte {error.start + 1} is not UTF-8.", "Save the file as UTF-8.")]
    except OSError as error:
        return None, [Problem(name, "", f"cannot be read: {error.strerror}.")]
    loader = _Loader(text)
    try:
        raw = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        return None, [_broken(error, name)]
    except (yaml.YAMLError, ValueError) as error:  # a control character; 2026-02-30 read as a date
        return None, [Problem(name, "", f"is not valid YAML: {' '.join(str(error).split())}.")]
    finally:
        loader.dispose()
    return raw, [
        Problem(name, f"line {line}", f"the key {key!r} is written twice.", "Keep one, or put both in one.")
        for key, line in loader.twice
    ]


def _broken(error: yaml.MarkedYAMLError, name: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    reason = "; ".join(part for part in (error.context, error.problem) if part)
    hint = "Look at the indentation here and in the line above; quote text that holds ': ', ' #' or begins with a sign."
    return Problem(name, place, f"is not valid YAML: {reason}.", hint)


@lru_cache(maxsize=64)
def adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def check(raw: Any, shape: Any, path: Path, name: str) -> tuple[Any, list[Problem]]:
    """raw as `shape` (a pydantic model or a type), or None with the problems."""
    try:
        return adapter(shape).validate_python(raw), []
    except ValidationError as error:
        nodes = _nodes(path)
        return None, [_explain(dict(e), raw, shape, name, nodes) for e in error.errors(include_url=False)]


# --- what pydantic says, in the editor's words


def place(raw: Any, location: Sequence[str | int]) -> str:
    """(`rules`, 3, `when`, 0) -> `rules[3] (published.done).when[0]`."""
    out = ""
    for step in location:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            raw = None
        if isinstance(step, int):
            out += f"[{step}]"
            if isinstance(raw, Mapping) and isinstance(raw.get("id"), str):
                out += f" ({raw['id']})"
        else:
            out += f".{step}" if out else step
    return out


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A hint that names the nearest known word, or all of them where they are few; "" where neither helps."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Known are: {', '.join(sorted(known))}." if 0 < len(known) <= 24 else ""


def _explain(error: dict[str, Any], raw: Any, shape: Any, name: str, written: Callable[[Location], str]) -> Problem:
    kind, location = error["type"], tuple(s for s in error["loc"] if s != "[key]")
    given, context = error["input"], error.get("ctx") or {}
    where = place(raw, location)
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        known = [k for k in _keys(shape, location[:-1]) if k != location[-1]]
        hint = did_you_mean(str(location[-1]), known)
        return Problem(name, place(raw, location[:-1]), f"unknown key {str(location[-1])!r}.", hint)
    if kind == "missing" and isinstance(location[-1], int):
        return Problem(name, place(raw, location[:-1]), "has too few items.")
    if kind == "missing":
        return Problem(name, place(raw, location[:-1]), f"the key {str(location[-1])!r} is missing.")
    if kind == "literal_error":
        choices = [a for a in re.findall(r"'([^']*)'", context.get("expected", "")) if a]
        return Problem(name, where, f"{_shown(given)} is not possible here.", did_you_mean(str(given), choices))
    if kind == "value_error":
        reason, *hint = context["error"].args
        return Problem(name, where, str(reason), hint[0] if hint else "")
    if kind == "string_type":
        return _not_text(given, name, where, written(location))
    if kind in ("too_short", "tuple_too_short"):
        return Problem(name, where, "is empty; at least one is needed.")
    wanted = _WANTED.get(kind)
    if wanted:
        if given is None:
            return Problem(name, where, f"holds nothing; {wanted[0]} is needed.", wanted[1])
        return Problem(name, where, f"{_shown(given)} is not {wanted[0]}.", wanted[1])
    return Problem(name, where, f"{error['msg']}.")


_WANTED = {
    "tuple_type": ("a list", "Write [a, b], or one item a line with '- ' in front."),
    "dataclass_type": ("a set of keys", "Write 'key: value', indented below."),
    "model_type": ("a set of keys", "Write 'key: value', indented below."),
    "model_attributes_type": ("a set of keys", "Write 'key: value', indented below."),
    "dict_type": ("a set of keys", "Write 'key: value', indented below."),
    "mapping_type": ("a set of keys", "Write 'key: value', indented below."),
    "is_instance_of": ("a set of keys", "Write 'key: value', indented below."),
    "int_type": ("a whole number", "Write it without quotes."),
    "float_type": ("a number", "Write it without quotes."),
    "bool_type": ("true or false", "Write true or false, without quotes."),
}


def _not_text(given: Any, name: str, where: str, written: str) -> Problem:
    if isinstance(given, (list, tuple, Mapping)):
        return Problem(name, where, f"{_shown(given)} is not text.", "Quote it, if the signs in it are meant as text.")
    if given is None:
        return Problem(name, where, "holds nothing; text is needed.", 'Write the text, or "" for none.')
    read_as = {bool: "true or false", int: "a number", float: "a number"}.get(type(given), "a date")
    written = written or str(given)
    return Problem(name, where, f"YAML reads {written} as {read_as}; text is needed.", f'Quote it: "{written}".')


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a set of keys"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = repr(value)
    return text if len(text) <= 40 else text[:40] + "…"


def _keys(shape: Any, location: Sequence[str | int]) -> list[str]:
    """The keys that `shape` knows at a location."""
    if location and get_origin(shape) is None and _is_model(shape):
        field = {f.alias or k: f for k, f in shape.model_fields.items()}.get(str(location[0]))
        return _keys(field.annotation, location[1:]) if field else []
    if _is_model(shape):
        return [f.alias or k for k, f in shape.model_fields.items()]
    if is_dataclass(shape):
        types = get_type_hints(shape)
        return _keys(types.get(str(location[0])), location[1:]) if location else [f.name for f in fields(shape)]
    origin, inner = get_origin(shape), [a for a in get_args(shape) if a is not type(None) and a is not ...]
    if not inner:
        return []
    if origin in (Union, UnionType):
        return next((k for k in (_keys(a, location) for a in inner) if k), [])
    if origin is Annotated:
        return _keys(inner[0], location)
    return _keys(inner[-1], location[1:])  # of a tuple, a mapping


def _is_model(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def _nodes(path: Path) -> Callable[[Location], str]:
    """location -> the scalar as it is written in the file (`off`, where the data holds False); "" where unknown."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        root = None

    def written(location: Location) -> str:
        node = root
        for step in location:
            if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            elif isinstance(node, yaml.MappingNode):
                node = next((v for k, v in node.value if k.value == str(step)), None)
            else:
                break  # a scalar that stands for a set of keys: `phones: [0312345670]`
        return node.value if isinstance(node, yaml.ScalarNode) else ""

    return written
