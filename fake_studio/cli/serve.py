"""fake-studio serve: a Studio until Ctrl-C."""

from __future__ import annotations

import argparse
import gc
import sys
from typing import TYPE_CHECKING

from fake_studio.cli.options import add_server_options, print_address, server, stop_on_signals
from fake_studio.core.exchange import Exchange
from fake_studio.core.visible_text import harmless

if TYPE_CHECKING:
    from fake_studio.cli.options import Commands


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="serve a Studio until Ctrl-C")
    add_server_options(parser, port=8000)
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    stopped = stop_on_signals()
    gc.set_threshold(50_000, 20, 20)  # nearly all that is made here is kept: to search it for garbage costs a quarter
    fake = server(options)
    if not options.quiet:
        fake.studio.journal.listeners.append(_print_exchange)
    with fake:
        print_address(fake)
        stopped.wait()
    return 0


def _print_exchange(exchange: Exchange) -> None:
    cause = f" - {_cause_of(exchange)}" if exchange.refusal else ""
    path = exchange.path.partition("?")[0]
    line = f"{exchange.status or '---'} {exchange.method} {path} {exchange.duration * 1000:.0f} ms{cause}"
    print(harmless(line), file=sys.stderr)


def _cause_of(exchange: Exchange) -> str:
    from fake_studio.reports.text import format_cause  # with all that looks for findings: not at every start

    return format_cause(exchange)
