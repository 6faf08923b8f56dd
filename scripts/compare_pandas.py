# packages: pandas==3.1.1 pyyaml==6.0.4
"""What `fadein compare --csv` does, written with pandas: one row for each run of a sweep, as CSV on standard output.

    scripts/python compare_pandas.py /tmp/many-runs/many/v001 --at last --metrics loss.generator,swd_mean

Only the columns that are asked for are parsed, and runs are divided among processes.
"""
import argparse
import concurrent.futures
import functools
import json
import os
import pathlib
import sys

import pandas as pd
import yaml

PLACES = ["iteration", "images", "phase", "resolution", "alpha", "seed"]


def flat(value, path=""):
    """The settings by their dotted paths."""
    if isinstance(value, dict) and value:
        return {key: leaf for name, below in value.items() for key, leaf in flat(below, f"{path}.{name}").items()}
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return {key: leaf for number, below in enumerate(value) for key, leaf in flat(below, f"{path}.{number}").items()}
    return {"params" + path: value}


def numbers(path, wanted, at):
    """What stands for each wanted column of a table."""
    if not path.exists():
        return {}
    columns = pd.read_csv(path, nrows=0).columns
    chosen = [column for column in columns if column not in PLACES and (wanted is None or column in wanted)]
    if not chosen:
        return {}
    table = pd.read_csv(path, usecols=chosen)
    if at == "last":
        last = table.ffill().iloc[-1:] if len(table) else table
        values = last.iloc[0] if len(last) else pd.Series(dtype=float)
    else:
        values = getattr(table, at)()
    return {f"metrics.{column}": values.get(column) for column in chosen}


def row(folder, wanted, at):
    """One run."""
    manifest = json.loads((folder / "run.json").read_text())
    events = pd.read_csv(folder / "events.csv")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    settings = yaml.load((folder / "spec.yaml").read_text(), loader)
    # The last count of seconds, by pandas' own means: it has no way to read a file from its end.
    seconds = pd.read_csv(folder / "timing.csv", usecols=["seconds"])["seconds"]
    base = {"run": str(folder), "status": events["event"].iloc[-1], "label": manifest["label"], "started": manifest["created"],
            "seconds": seconds.iloc[-1] if len(seconds) else None}
    return {**base, **flat(settings), **numbers(folder / "metrics.csv", wanted, at),
            **numbers(folder / "evaluations.csv", wanted, at)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sweep", type=pathlib.Path, help="the sweep's directory")
    parser.add_argument("--at", choices=["last", "min", "max", "mean"], default="last")
    parser.add_argument("--metrics", help="columns, separated by commas; all by default")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    folders = sorted((arguments.sweep / "trials").iterdir())
    wanted = set(arguments.metrics.split(",")) if arguments.metrics else None
    one = functools.partial(row, wanted=wanted, at=arguments.at)
    if arguments.processes == 1:
        rows = [one(folder) for folder in folders]
    else:
        with concurrent.futures.ProcessPoolExecutor(arguments.processes) as pool:
            rows = list(pool.map(one, folders, chunksize=8))
    pd.DataFrame(rows).to_csv(sys.stdout, index=False)


if __name__ == "__main__":
    main()
