"""``flask --app wsgi operation …``: what operators do from a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.core import audit
from app.operation import backup, readiness
from app.operation.archive import BackupError

operation_cli = AppGroup("operation", help="Readiness, backup and restore.")


def _folder(to: Path | None) -> Path:
    return to or backup.default_folder(Path(current_app.extensions["settings"].instance))


audit_cli = AppGroup("audit", help="The audit log.")


@audit_cli.command("check")
def check_audit() -> None:
    """Say whether the audit log is as it was written; ends with 1 and names the first broken row when not.

    Keep the last digest elsewhere every day: it shows when the tail of the log was cut off.
    """
    verdict = audit.check_chain()
    if verdict.unchained:
        click.echo(f"{verdict.unchained} rows are older than the chain")
    if verdict.broken is not None:
        sys.exit(f"FAIL row {verdict.broken} of audit_log is not what was written, or one before it is gone")
    click.echo(f"ok   {verdict.chained} rows; the last digest is {verdict.head}")


@operation_cli.command("check")
def check() -> None:
    """Say whether the portal can work; ends with 1 when it cannot."""
    checks = [*readiness.check_all(), readiness.check_clock()]
    for each in checks:
        click.echo(f"{'ok  ' if each.ok else 'FAIL'} {each.name} {each.says}".rstrip())
    sys.exit(0 if all(each.ok for each in checks) else 1)


@operation_cli.command("backup")
@click.option(
    "--to", type=click.Path(path_type=Path), help="Folder; default: backups in the instance folder."
)
def make_backup(to: Path | None) -> None:
    """Write a backup; the portal may run meanwhile."""
    try:
        file = backup.make_backup(_folder(to))
    except BackupError as error:
        sys.exit(str(error))
    click.echo(f"{file} ({file.stat().st_size / 1024:.0f} KiB)")


@operation_cli.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", type=click.Path(path_type=Path), help="Where what stands here now is backed up first.")
def restore(file: Path, to: Path | None) -> None:
    """Replace everything by a backup; stop web server and workers before."""
    try:
        restored = backup.restore_backup(file, _folder(to))
    except BackupError as error:
        sys.exit(str(error))
    manifest = restored.manifest
    click.echo(
        f"restored: {sum(manifest.rows.values())} rows of {len(manifest.rows)} tables, {manifest.written_at}"
    )
    if restored.before:
        click.echo(f"what stood here before is in {restored.before}")
    click.echo("now: flask --app wsgi db upgrade, operation check, start the services")
