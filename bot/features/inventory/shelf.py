"""The inventory as it stands, held in memory: names are sealed in the database, and looked for in every question."""

from __future__ import annotations

import functools
import logging
import threading
from typing import TYPE_CHECKING

from dialogs.inventory import files
from dialogs.inventory.model import House, Item, changed
from dialogs.inventory.names import Names

from ...store import Store, inventory
from ...store.inventory import Write

if TYPE_CHECKING:
    from ...workplace import Workplace

logger = logging.getLogger(__name__)


class Shelf:
    """All entries with their names. Safe to share; made anew where the database has another edition."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._lock = threading.Lock()
        self._edition = -1
        self._names = Names(())

    @functools.cached_property
    def _seed(self) -> files.Seed:
        company = self._workplace.services.knowledge.company
        found = files.read(self._workplace.company_dir, company.departments)
        for problem in found.problems:
            logger.error("inventory: %s", problem)
        return found

    @property
    def house(self) -> House:
        return self._seed.house

    @property
    def store(self) -> Store:
        return self._workplace.store

    def names(self) -> Names:
        """The names of all entries, as the database has them now. The company's files come in at the first call."""
        with self._lock:
            if self._edition < 0 and self._seed.items:
                given = [(item.id, item.content()) for item in self._seed.items]
                inventory.seed(self.store, given, now=self._workplace.clock.now())
            edition = inventory.edition(self.store)
            if edition != self._edition:
                found = [Item.of(e.id, e.version, e.content) for e in inventory.entries(self.store)]
                self._names = Names(sorted(found, key=self._order))
                self._edition = edition
            return self._names

    def items(self) -> tuple[Item, ...]:
        """The strictest class first, then by department and name."""
        return self.names().items

    def get(self, id: str) -> Item | None:
        return next((i for i in self.items() if i.id == id), None)

    def _order(self, item: Item) -> tuple[int, str, str, str]:
        classes = [c.name for c in self.house.classes]
        place = classes.index(item.secrecy) if item.secrecy in classes else len(classes)
        return place, item.department, item.name, item.id


def written(before: Item | None, after: Item) -> Write:
    """What the store is to write, and which fields differ."""
    fields = changed(before, after) if before else ()
    return Write(after.id, before.version if before else 0, after.content(), fields)
