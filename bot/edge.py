"""The edge of the command line: what goes wrong is told calmly, and never with what a person typed."""

from __future__ import annotations

import errno
import hashlib
import importlib
import logging
import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from knowledge.errors import ContentError

from . import streams

logger = logging.getLogger(__name__)

_FAILED = (
    "うまく答えられませんでした(参照 {reference})。もう一度試しても同じときは、この参照を担当者に伝えてください。\n"
    "漏えいのおそれがあるときは、待たずに社内窓口へ。"
)


def note_failure(error: Exception) -> str:
    """Log an unexpected error, and give what to tell the person; neither holds the error's text."""
    return _FAILED.format(reference=refer(error))


def refer(error: Exception) -> str:
    """Log an unexpected error without its text; the reference to tell. The same fault gives the same reference."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(f.filename).name}:{f.lineno}" for f in frames[-3:]]
    kind = type(error).__name__
    reference = hashlib.sha256(f"{kind} {places}".encode()).hexdigest()[:4]
    logger.error("himitsu: reference=%s error=%s at=%s", reference, kind, " > ".join(places))
    return reference


class Edge(click.Group):
    """The top command. Problems in content are all listed (exit 2), a closed pipe is quiet, all else is _FAILED.

    elsewhere: commands by name as `module:command`, loaded when they are asked for: `ask` does without the database.
    """

    elsewhere: Mapping[str, str] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.elsewhere})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.elsewhere:
            return super().get_command(ctx, cmd_name)
        module, _, name = self.elsewhere[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ContentError as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            click.echo(f"\n直すところが{len(error.problems)}件あるので、始められません。", err=True)
            ctx.exit(2)
        except Exception as error:
            if isinstance(error, OSError) and _is_closed_pipe(error):
                streams.give_up_output(sys.stdout)
                ctx.exit(1)
            click.echo(note_failure(error), err=True)
            ctx.exit(1)


def _is_closed_pipe(error: OSError) -> bool:
    return error.errno == errno.EPIPE or (os.name == "nt" and error.errno == errno.EINVAL)
