"""The registry against the ledger: stages, aliases and versions say what the promotions say."""

from collections.abc import Iterator

from ml import moves
from ml.audit.discrepancy import Checked, Discrepancy
from ml.audit.scope import Scope


def versions(scope: Scope) -> Checked:
    """One version is in Production, by stage, by alias and by the ledger, and it is the one that was promoted."""
    alias = scope.aliases.get("production")
    said = f"version {alias} is in Production" if alias else "nothing is in Production"
    found = (*_stages(scope), *_aliases(scope), *_missing(scope), *_origin(scope))
    return Checked("versions", f"{said}, of {len(scope.stages):,} registered", found)


def _stages(scope: Scope) -> Iterator[Discrepancy]:
    """Exactly the version of the alias has the stage."""
    alias = scope.aliases.get("production")
    staged = sorted(version for version, stage in scope.stages.items() if stage == "Production")
    if len(staged) > 1:
        names = " and ".join(map(str, staged))
        yield Discrepancy(
            f"{scope.pipeline}: versions {names} are all in the stage Production; the alias says {alias}",
            f"in MLflow, set every one of them but version {alias} to Archived",
        )
    elif alias is not None and staged != [alias]:
        has = f"version {staged[0]}" if staged else "no version"
        yield Discrepancy(
            f"{scope.pipeline}: the alias production is version {alias}, but {has} is in the stage Production",
            f"in MLflow, set version {alias} to Production and archive the others",
        )


def _aliases(scope: Scope) -> Iterator[Discrepancy]:
    alias, promoted = scope.aliases.get("production"), scope.promoted
    if alias is not None and promoted is None:
        yield Discrepancy(
            f"{scope.pipeline}: version {alias} has the alias production, but the ledger knows no promotion",
            f"nightshift retrain {scope.pipeline} --reason 'a version that was never promoted is in Production'",
        )
    elif promoted is not None and alias != promoted.version:
        has = f"version {alias}" if alias is not None else "nothing"
        yield Discrepancy(
            f"{scope.pipeline}: the ledger says version {promoted.version} is in Production since "
            f"{promoted.at:%Y-%m-%d %H:%M} UTC, but the alias production is {has}",
            f"nightshift reconcile {scope.pipeline}",
        )
    elif (earlier := moves.before(scope.promotions)) and scope.aliases.get("previous") != earlier:
        before = scope.aliases.get("previous")
        yield Discrepancy(
            f"{scope.pipeline}: version {earlier} was in Production before, but the alias previous is "
            f"{f'version {before}' if before else 'gone'}",
            f"nightshift reconcile {scope.pipeline}",
        )


def _missing(scope: Scope) -> Iterator[Discrepancy]:
    """The versions that a promotion or a rollback needs are registered still."""
    if scope.promoted is None:
        return
    needed = {"in Production": scope.promoted.version, "the one before": scope.promoted.previous}
    for role, version in needed.items():
        if version is not None and version not in scope.stages:
            yield Discrepancy(
                f"{scope.pipeline}: version {version}, {role}, is not registered in MLflow any more",
                f"nightshift retrain {scope.pipeline} --reason 'version {version} is gone from MLflow'",
            )


def _origin(scope: Scope) -> Iterator[Discrepancy]:
    """Production comes from the run and the snapshot that its promotion names."""
    served, promoted = scope.served, scope.promoted
    if served is None or promoted is None or served.version != promoted.version:
        return
    pairs = {
        "MLflow run": (served.run_id, promoted.run_id),
        "snapshot": (served.tags.get("nightshift.snapshot_sha256", promoted.snapshot), promoted.snapshot),
    }
    for what, (has, meant) in pairs.items():
        if has != meant:
            yield Discrepancy(
                f"{scope.pipeline}: version {served.version} was promoted from {what} {meant}, but MLflow says {has}",
                f"nightshift reproduce {promoted.run_id}",
            )
