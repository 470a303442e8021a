"""What each button of self-checks does; the same where its label or its number is typed below a list of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...conversation import Reply, Turn
from ...store import Dialogue
from ...typed import option
from ..feature import Part
from .words import plain, standing, words

if TYPE_CHECKING:
    from .parts import Checks

KIND = "check_list"  # of the dialogue that numbers and labels answer
_NUMBERED = re.compile(r"^\d+ ")


@dataclass(frozen=True)
class Press:
    """action: the button's id, or a pattern of ids. replace: the reply takes the place of the message."""

    action: str | re.Pattern[str]
    make: Callable[[Turn, Mapping[str, Any]], Reply]
    replace: bool = True

    def is_for(self, id: str) -> bool:
        return self.action == id if isinstance(self.action, str) else bool(self.action.fullmatch(id))


def presses(the: Checks) -> Sequence[Press]:
    flow, gap, campaigns = the.flow, the.gap, the.campaigns
    return (
        Press("checks.menu", lambda t, v: the.menu.show(t)),
        Press(re.compile(r"checks\.start\.\d+"), lambda t, v: flow.start(t, v["i"])),
        Press("checks.again", lambda t, v: flow.start(t, v["i"])),
        Press("checks.fresh", lambda t, v: flow.start(t, v["i"], fresh=True)),
        Press("checks.resume", lambda t, v: flow.resume(t, v["r"])),
        Press(re.compile(r"checks\.answer\.\w+"), lambda t, v: flow.answer(t, v["r"], v["q"], v["c"], v["m"])),
        Press("checks.why", lambda t, v: flow.why(t, v["r"], v["q"])),
        Press("checks.back", lambda t, v: flow.back(t, v["r"])),
        Press("checks.later", lambda t, v: flow.later(t, v["r"])),
        Press("checks.details", lambda t, v: flow.details(t, v["r"])),
        Press("checks.review", lambda t, v: the.menu.review(t, v["r"])),
        Press(re.compile(r"checks\.edit\.\d+"), lambda t, v: flow.edit(t, v["r"], v["q"])),
        Press("checks.take", lambda t, v: gap.take(t, v["s"], v["q"], v["c"], v["t"])),
        Press("checks.done", lambda t, v: gap.done(t, v["g"])),
        Press("checks.postpone", lambda t, v: gap.postpone(t, v["g"])),
        Press(re.compile(r"checks\.reply\.\w+"), lambda t, v: gap.answered(t, v["g"], v["c"])),
        Press("checks.company", lambda t, v: campaigns.offer(t)),
        Press("checks.begin", lambda t, v: campaigns.begin(t, v["t"])),
        Press(re.compile(r"checks\.join\.\d+"), lambda t, v: campaigns.join(t, v["k"], v["d"])),
        Press("checks.progress", lambda t, v: campaigns.progress(t, v["k"])),
        Press("checks.merged", lambda t, v: the.whole.result(t, v["k"])),
        Press(re.compile(r"checks\.part\.\d+"), lambda t, v: the.whole.result(t, v["k"], v["d"])),
        Press("checks.whole", lambda t, v: the.whole.details(t, v["s"])),
        Press("checks.remind", lambda t, v: campaigns.remind(t, v["k"]), replace=False),
        Press("checks.close", lambda t, v: campaigns.close(t, v["k"])),
        Press("checks.files", lambda t, v: the.files.offer(t, v["s"]), replace=False),
        Press(re.compile(r"checks\.file\.\w+"), lambda t, v: the.files.file(t, v["s"], v["f"]), replace=False),
    )


def listed(turn: Turn, parts: Sequence[Part]) -> Dialogue:
    """The buttons of a list in their order, to be chosen by number or label."""
    buttons = [[b.id, b.label, dict(b.value)] for part in parts for b in part.buttons]
    return standing(turn, KIND, {"buttons": buttons})


def typed(the: Checks, turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
    """What a number or a label does below a list; None for other words."""
    buttons = dialogue.state.get("buttons", ())
    number = option(plain(text), tuple(_NUMBERED.sub("", str(label)) for _, label, _ in buttons))
    if not number:
        return None
    id, _, value = buttons[number - 1]
    press = next((p for p in presses(the) if p.is_for(id)), None)
    return press.make(turn, value) if press else the.conversation.note(words()["by_button"])
