"""Import, recognition and comparison of synthetic Utah rolls, beside the same file in DuckDB and Polars, in one run.

Needs the `duckdb` and `polars` wheels; `cargo xtask bench` makes a virtual environment with them and calls this script.
Every step is a process of its own with two threads, measured by the operating system. DuckDB and Polars do less: they copy
a CSV file to Parquet with zstd, every column as text, without a check of a line, canonical values, a digest, or the history
as a table of its own; and without an order, except where the table says so. Several runs are done in turn; the smallest wall
and processor time and the largest peak of memory count.
"""

import argparse
import csv
import json
import shutil
import statistics
import sys
from importlib.metadata import version
from pathlib import Path

from measure import OPENROLL, POLARS, ROOT, THREADS, best, duckdb, in_turn, machine, markdown, measured

# With the elections up to this day 2.5 million registrants are a file of 700 MB.
AS_OF = "2026-06-01"
SCALE = [200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000]

# Text that every registrant of a roll can have otherwise, column by column.
CHANGED = [
    "Last Name", "First Name", "Middle Name", "Phone", "Mailing Address", "Precinct", "House Number", "Street", "Unit Number",
    "City", "Congressional", "State House", "State Senate", "Local Schoolboard", "City Council",
]


def synth(folder, rows, as_of=AS_OF):
    """A roll; returns its file."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [OPENROLL, "synth", "--layout", "ut", "--rows", rows, "--seed", "1", "--as-of", as_of, "--out", folder]
    measured("synth", command)
    return folder / "ut_voters.csv"


def importing(store, source, as_of=AS_OF):
    """Imports a file into a store."""
    command = [OPENROLL, "--store", store, "roll", "import", source, "--layout", "ut", "--as-of", as_of]
    return measured("import", command)


def afresh(store, source):
    """Imports a file into an empty store."""
    shutil.rmtree(store, ignore_errors=True)
    run = importing(store, source)
    shutil.rmtree(store)
    return run


def read(source):
    return f"read_csv('{source}', all_varchar = true, header = true)"


def imports(source, folder, runs):
    """The file to Parquet, by each program."""
    target = folder / "copy.parquet"

    def theirs(order):
        statement = f"COPY (SELECT * FROM {read(source)}{order}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        return lambda: duckdb("DuckDB", statement)

    steps = {
        "`openroll roll import`": lambda: afresh(folder / "store", source),
        "DuckDB, any order": theirs(""),
        "DuckDB, `ORDER BY` county and number": theirs(' ORDER BY "County ID", "Voter ID"'),
        "Polars, order of the file": lambda: measured("Polars", [sys.executable, "-c", POLARS, source, target]),
    }
    done = dict(zip(steps, map(best, in_turn(runs, list(steps.values())))))
    target.unlink()
    return done


def identify(source, folder):
    """Milliseconds of recognizing a file, of twenty runs: smallest and middle."""
    command = [OPENROLL, "--store", folder / "store", "roll", "identify", source]
    walls = [1000 * measured("identify", command)["wall"] for _ in range(20)]
    return {"min_ms": min(walls), "median_ms": statistics.median(walls)}


def later(source, target, few):
    """The roll of a later day: with some registrants who came, went, moved and changed, or with fifteen columns changed on
    every row."""
    quoted = lambda name: '"' + name + '"'
    if few:
        number = """CASE WHEN "Voter ID"::BIGINT % 199 = 0 THEN '9' || "Voter ID" ELSE "Voter ID" END AS "Voter ID" """
        status = """CASE WHEN "Voter ID"::BIGINT % 101 = 0 THEN 'Inactive' ELSE "Status" END AS "Status" """
        street = """CASE WHEN "Voter ID"::BIGINT % 97 = 0 THEN 'New ' || "Street" ELSE "Street" END AS "Street" """
        replaced = ", ".join([number, status, street])
    else:
        replaced = ", ".join(f"coalesce({quoted(name)}, '') || '9' AS {quoted(name)}" for name in CHANGED)
    statement = f"COPY (SELECT * REPLACE ({replaced}) FROM {read(source)}) TO '{target}' (FORMAT csv, HEADER)"
    duckdb("later", statement)


def comparisons(folder, rows, runs):
    """Two snapshots of so many registrants compared."""
    source = synth(folder / "diff-roll", rows, "2017-06-01")
    store = folder / "diff-store"
    shutil.rmtree(store, ignore_errors=True)
    importing(store, source, "2017-06-01")
    done = {}
    for label, day, few in [
        ("few changes", "2017-07-01", True),
        (f"{len(CHANGED)} columns changed on every row", "2017-08-01", False),
    ]:
        other = folder / "later.csv"
        later(source, other, few)
        importing(store, other, day)
        other.unlink()
        command = [OPENROLL, "--store", store, "roll", "diff", "ut-2017-06", day.join(["ut-", ""])]

        def compared(out):
            shutil.rmtree(folder / "changes", ignore_errors=True)
            return measured("diff", [*command, *out], allowed=(1,))

        done[f"`roll diff`, {label}"] = best([compared([]) for _ in range(runs)])
        out = ["--out", folder / "changes"]
        done[f"`roll diff --out`, {label}"] = best([compared(out) for _ in range(runs)])
    for name in ["changes", "diff-store", "diff-roll"]:
        shutil.rmtree(folder / name, ignore_errors=True)
    return done


def scale(folder, runs):
    """Import of ever larger rolls."""
    done = {}
    for rows in SCALE:
        source = synth(folder / "scale", rows)
        megabytes = source.stat().st_size / 1e6
        times = max(1, runs if rows <= 2_000_000 else 1)
        done[rows] = {"megabytes": megabytes} | best([afresh(folder / "store", source) for _ in range(times)])
    shutil.rmtree(folder / "scale")
    return done


def figures(run, rows, megabytes):
    wall, cpu, peak = run["wall"], run["cpu"], run["peak"]
    return [f"{wall:.2f}", f"{cpu:.2f}", f"{peak:.0f}", f"{rows / wall:,.0f}", f"{megabytes / wall:.0f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=2_500_000, help="registrants of the file that all programs read")
    parser.add_argument("--diff-rows", type=int, default=2_000_000, help="registrants of each snapshot compared")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scale", action="store_true", help="import of 0.2 to 10 million registrants too, some minutes")
    parser.add_argument("--dir", type=Path, default=ROOT / "target" / "bench" / "roll")
    arguments = parser.parse_args()
    folder, rows = arguments.dir, arguments.rows
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    versions = f"DuckDB {version('duckdb')}, Polars {version('polars')}"

    source = synth(folder / "roll", rows)
    megabytes = source.stat().st_size / 1e6
    with source.open(encoding="utf-8-sig") as file:
        columns = len(next(csv.reader(file)))
    head = f"{rows:,} registrants as of {AS_OF}, {megabytes:.0f} MB of CSV, {columns} columns; {THREADS} threads; {versions}"
    result = {"file": head, "import": imports(source, folder, arguments.runs), "identify": identify(source, folder)}
    shutil.rmtree(folder / "roll")
    header = ["step", "wall s", "CPU s", "peak MB", "rows/s", "MB/s"]
    print(f"{head}\n{machine()}; best of {arguments.runs}\n")
    print(markdown(header, [[label, *figures(run, rows, megabytes)] for label, run in result["import"].items()]))
    told = result["identify"]
    print(f"\n`openroll roll identify`: {told['min_ms']:.1f} ms at best, {told['median_ms']:.1f} ms in the middle of 20\n")

    result["diff"] = comparisons(folder, arguments.diff_rows, arguments.runs)
    table = [[label, *figures(run, 0, 0)[:3]] for label, run in result["diff"].items()]
    print(markdown([f"two snapshots of {arguments.diff_rows:,}", *header[1:4]], table) + "\n")

    if arguments.scale:
        result["scale"] = scale(folder, arguments.runs)
        table = [
            [f"{rows:,}", f"{run['megabytes']:.0f}", *figures(run, rows, run["megabytes"])]
            for rows, run in result["scale"].items()
        ]
        print(markdown(["registrants", "MB", *header[1:]], table))
    shutil.rmtree(folder)
    result["machine"] = machine()
    (folder.parent / "roll.json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
