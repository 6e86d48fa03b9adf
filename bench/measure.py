"""Runs a step as a process of its own and tells what the operating system counted: wall, processor time, peak memory."""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPENROLL = ROOT / "target" / "release" / "openroll"
THREADS = 2

# Statements between double semicolons, from standard input.
DUCKDB = f"""
import duckdb, sys
connection = duckdb.connect()
connection.execute("SET threads = {THREADS}")
connection.execute("SET preserve_insertion_order = false")
for statement in sys.stdin.read().split(";;"):
    if statement.strip():
        connection.execute(statement)
"""

# A CSV file to a Parquet file.
POLARS = """
import polars, sys
polars.scan_csv(sys.argv[1], infer_schema=False).sink_parquet(sys.argv[2], compression="zstd")
"""


def measured(label, command, stdin=None, allowed=(0,)):
    """Runs a command; returns wall seconds, CPU seconds and peak MB."""
    threads = {"RAYON_NUM_THREADS": str(THREADS), "POLARS_MAX_THREADS": str(THREADS)}
    start = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=os.environ | threads,
    )
    if stdin is not None:
        process.stdin.write(stdin)
    process.stdin.close()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        sys.exit(f"{label}: exit status {process.returncode}\n{errors}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / 1024}


def duckdb(label, statements):
    """Runs statements in DuckDB, in a process of its own."""
    return measured(label, [sys.executable, "-c", DUCKDB], statements)


def median(runs):
    """The run in the middle by processor time."""
    ordered = sorted(runs, key=lambda run: run["cpu"])
    return ordered[len(ordered) // 2]


def best(runs):
    """The smallest figure of each kind but memory, of which the largest: what other programs disturb least."""
    return {
        "wall": min(run["wall"] for run in runs),
        "cpu": min(run["cpu"] for run in runs),
        "peak": max(run["peak"] for run in runs),
    }


def in_turn(runs, steps):
    """Runs the steps in turn, so that a drift of the machine's speed hits all; returns the runs of each."""
    rounds = [[step() for step in steps] for _ in range(runs)]
    return [list(of_step) for of_step in zip(*rounds)]


def machine():
    """The machine, and how busy it was."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = models[0] if models else model
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, load {load}"


def markdown(header, rows):
    """A table; numbers to the right."""
    lines = ["| " + " | ".join(header) + " |", "|---|" + "---:|" * (len(header) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
