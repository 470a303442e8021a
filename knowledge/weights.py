"""Learned weights, added up sign by sign: each sign's are packed into one number, so that a sum of signs is a sum of
numbers, exact and the same in whatever order. Thousands of little tables would lie all over the memory instead."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

_PLACES = 10_000  # weights are kept to four places behind the point
_BITS = 40  # of one name's sum, which stays far below its half
_HALF = 1 << (_BITS - 1)
_FIELD = (1 << _BITS) - 1


class Weights(Mapping[str, Mapping[str, float]]):
    """What each sign speaks for (above 0) and against (below), by name. To be read like the mapping it is made from.

    Raises OverflowError for a weight beyond ±1,000.
    """

    def __init__(self, table: Mapping[str, Mapping[str, float]] | None = None) -> None:
        table = table or {}
        self.names = tuple(sorted({name for row in table.values() for name in row}))
        self._rows = {sign: self._packed(sign, row) for sign, row in table.items()}
        self._even = sum(_HALF << (place * _BITS) for place in range(len(self.names)))  # nothing below 0 while unpacked

    def _packed(self, sign: str, row: Mapping[str, float]) -> int:
        if any(abs(weight) > 1000 for weight in row.values()):
            raise OverflowError(f"a weight of {sign!r} is beyond 1,000")
        return sum(round(row.get(name, 0.0) * _PLACES) << (n * _BITS) for n, name in enumerate(self.names))

    def _unpacked(self, packed: int) -> list[float]:
        packed += self._even
        return [((packed >> (n * _BITS) & _FIELD) - _HALF) / _PLACES for n in range(len(self.names))]

    def total(self, signs: Collection[str]) -> dict[str, float]:
        """The sum of these signs' weights, for every name; 0.0 where no sign says anything."""
        rows = self._rows
        there = rows.keys() & signs
        return dict(zip(self.names, self._unpacked(sum([rows[sign] for sign in there])), strict=True))

    def __getitem__(self, sign: str) -> Mapping[str, float]:
        named = zip(self.names, self._unpacked(self._rows[sign]), strict=True)
        return {name: weight for name, weight in named if weight}

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, sign: object) -> bool:
        return sign in self._rows
