"""`lull cluster`: a scheduler and workers on which questions of others are worked out."""

from __future__ import annotations

import os
from pathlib import Path

import click

from lull.cli.exits import DONE
from lull.cli.spread.security import Certificates, address_of, certificate_options
from lull.cli.spread.serving import serve_scheduler, serve_workers


@click.group("cluster")
def command() -> None:
    """Let several machines work out one question.

    One machine runs the scheduler, each of the others a worker; every one has a certificate of the
    cluster's own authority and believes no other. The verbs that plan or simulate many things hand
    them over with --cluster. Whoever holds such a certificate can run programs on the workers, and
    a worker holds the pauses that it works on in memory: use machines that you trust with them.

    \b
    Examples:
      lull cluster scheduler tls://10.0.0.5 --cluster-ca ca.pem --cluster-cert a.pem \\
          --cluster-key a.key
      lull cluster worker tls://10.0.0.5 --cluster-ca ca.pem --cluster-cert b.pem \\
          --cluster-key b.key
    """


@command.command("scheduler")
@click.argument("address")
@certificate_options
def scheduler(
    address: str, cluster_ca: Path | None, cluster_cert: Path | None, cluster_key: Path | None
) -> int:
    """Hand out work at ADDRESS, which is one of this machine: tls://HOST[:PORT].

    It shows no pages to anybody, and what it prints names no work. It ends with Ctrl-C or SIGTERM;
    what was not finished then is lost, what clients have received is not.

    \b
    Example:
      lull cluster scheduler tls://10.0.0.5:8786

    \b
    Exit codes: 0 ended; 2 it cannot listen there, or the certificates are no good.
    """
    where = address_of(address)
    serve_scheduler(where, Certificates(cluster_ca, cluster_cert, cluster_key), _say)
    return DONE


@command.command("worker")
@click.argument("address")
@click.option(
    "--processes", type=click.IntRange(min=1), default=os.cpu_count() or 1,
    show_default="as many as there are cores", metavar="N", help="How many parts it does at a time."
)
@click.option(
    "--listen", metavar="HOST", help="The name or IP by which the scheduler reaches this machine, "
    "where it has several.")
@click.option(
    "--memory", default="auto", show_default=True, metavar="SIZE",
    help="What each process may use before it is started anew, such as 4GB; auto: its share of "
    "the machine.")
@certificate_options
def worker(
    address: str, processes: int, listen: str | None, memory: str, cluster_ca: Path | None,
    cluster_cert: Path | None, cluster_key: Path | None,
) -> int:
    """Work for the scheduler at ADDRESS: tls://HOST[:PORT].

    A process that dies is started again, and its parts are done by others meanwhile. It must run
    the same lull with the same packages as those who ask, and is refused by them otherwise. It
    keeps nothing: work is in memory only. It ends with Ctrl-C or SIGTERM, or once the scheduler has
    gone.

    \b
    Example:
      lull cluster worker tls://10.0.0.5:8786 --processes 8

    \b
    Exit codes: 0 ended; 2 the scheduler is not found or has gone, or the certificates are no good.
    """
    where = address_of(address)
    serve_workers(where, Certificates(cluster_ca, cluster_cert, cluster_key), processes, listen,
                  memory, _say)
    return DONE


def _say(sentence: str) -> None:
    click.echo(sentence)


