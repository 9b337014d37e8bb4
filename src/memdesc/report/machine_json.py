"""What designs cost on a workload, as JSON: the records themselves."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from memdesc.machine.outcome import Replay, Row, Run

FORMAT = 1


def render_comparison(replays: Sequence[Replay], rows: Sequence[Row]) -> str:
    """Return a trace and what it cost each design; sizes are bytes, times seconds, pages page frames."""
    found = [_replay(replay) for replay in replays]
    compared = [{**asdict(row), "difference": row.difference} for row in rows]
    return json.dumps({"format": FORMAT, "replays": found, "agreement": compared}, indent=1) + "\n"


def render_runs(runs: Sequence[Run]) -> str:
    """Return what `runs` cost."""
    return json.dumps({"format": FORMAT, "runs": [_run(run) for run in runs]}, indent=1) + "\n"


def _replay(replay: Replay) -> dict[str, Any]:
    whole = asdict(replay)
    whole["attribution"]["share_unknown"] = replay.attribution.share_unknown
    if replay.run is not None:
        whole["run"] = _run(replay.run)
        del whole["points"]  # those of the run
    return whole


def _run(run: Run) -> dict[str, Any]:
    whole = asdict(run)
    for cache, made in zip(run.costs.caches, whole["costs"]["caches"], strict=True):
        made["fragmentation"] = cache.fragmentation
    for operation, made in zip(run.costs.operations, whole["costs"]["operations"], strict=True):
        made["lines_each"] = operation.lines_each
    return whole
