"""Import and release of a synthetic Utah roll, beside the same work in DuckDB, in one run.

Needs the `duckdb` wheel; `cargo xtask bench` makes a virtual environment with it and calls this script. Every step is a
process of its own, measured by the operating system: wall time, CPU time (user and system) and peak memory. DuckDB gets
two threads and does less: no check of a line, no protection by date and ground other than the join below, no digest, no
gate, and, where the table says so, no order of its output. After the runs the two CSV extracts are compared row by row.
"""

import argparse
import csv
import json
import shutil
from pathlib import Path

from measure import OPENROLL, ROOT, duckdb, in_turn, measured, median

REQUEST = {
    "schema": "openroll.request/1",
    "id": "bench",
    "requester": {"name": "Bench"},
    "to": ["UT"],
    "dates": {"written": "2017-06-28", "received": "2017-06-28"},
    "ask": [
        {
            "n": 1,
            "text": "the list",
            "fields": [
                "voter_id", "first_name", "middle_name", "last_name", "name_suffix", "residential_address",
                "mailing_address", "party", "phone", "status_active", "county", "precinct", "voter_history",
            ],
            "since": "2006-01-01",
        }
    ],
    "document": [
        {"kind": "written_request", "received": "2017-06-28"},
        {"kind": "fee", "received": "2017-06-28"},
    ],
}

OFFICE = """name = "Bench office"
address = ["Salt Lake City"]
contact = "bench"
[appeal_officer]
name = "A. Example"
title = "chief administrative officer"
address = ["Salt Lake City"]
"""

# The extract's columns by Utah's published headers, in the order of the extract.
COLUMNS = {
    "voter_id": "Voter ID",
    "first_name": "First Name",
    "middle_name": "Middle Name",
    "last_name": "Last Name",
    "name_suffix": "Name Suffix",
    "house_number": "House Number",
    "house_number_suffix": "House Number Suffix",
    "street_predirection": "Direction Prefix",
    "street_name": "Street",
    "street_type": "Street Type",
    "street_postdirection": "Direction Suffix",
    "unit_type": "Unit Type",
    "unit": "Unit Number",
    "city": "City",
    "zip": "Zip",
    "mailing_address": "Mailing Address",
    "mailing_city_state_zip": "Mailing city, state  zip",
    "party": "Party",
    "phone": "Phone",
}
CODES = {"status": ("Status", "lower"), "county": ("County ID", None), "precinct": ("Precinct", None)}


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def projection(elections):
    """The SELECT list: text as the reader stores it, with trimmed ends and single spaces."""
    tidy = lambda column: f"trim(regexp_replace({quoted(column)}, ' +', ' ', 'g'))"
    parts = [f"{tidy(column)} AS {name}" for name, column in COLUMNS.items()]
    for name, (column, function) in CODES.items():
        parts.append(f"{function}({quoted(column)}) AS {name}" if function else f"{tidy(column)} AS {name}")
    votes = ", ".join(f"CASE WHEN {quoted(header)} <> '' THEN '{day}' END" for day, header in elections)
    parts.append(f"concat_ws(';', {votes}) AS voter_history")
    return ", ".join(parts)


def elections_of(header, since):
    """The election columns of the file, by day, from `since` on."""
    found = []
    for name in header:
        month_day_year = name.split("/")
        if len(month_day_year) == 3 and all(part.isdigit() for part in month_day_year):
            month, day, year = map(int, month_day_year)
            found.append((f"{year:04}-{month:02}-{day:02}", name))
    return sorted(election for election in found if election[0] >= since)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--dir", type=Path, default=ROOT / "target" / "bench" / "release")
    arguments = parser.parse_args()
    folder = arguments.dir
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

    rows = []
    synth = [OPENROLL, "synth", "--layout", "ut", "--rows", str(arguments.rows), "--seed", "1", "--out", folder / "roll"]
    rows.append(("openroll synth", measured("synth", synth)))
    source = folder / "roll" / "ut_voters.csv"
    megabytes = source.stat().st_size / 1e6
    with source.open(encoding="utf-8-sig") as file:
        header = next(csv.reader(file))

    def alternate(mine, theirs, label_mine, label_theirs):
        runs = map(median, in_turn(arguments.runs, [mine, theirs]))
        rows.extend(zip([label_mine, label_theirs], runs))

    def import_mine():
        shutil.rmtree(folder / "store", ignore_errors=True)
        (folder / "store").mkdir()
        (folder / "store" / "office.toml").write_text(OFFICE)
        lists = ["--protections", folder / "roll" / "protections.csv", "--canaries", folder / "roll" / "canaries.txt"]
        command = [OPENROLL, "--store", folder / "store", "roll", "import", source, "--layout", "ut"]
        return measured("import", [*command, "--as-of", "2017-06-01", *lists])

    read = f"read_csv('{source}', all_varchar = true, header = true)"

    def import_theirs():
        statement = f"COPY (SELECT * FROM {read}) TO '{folder}/roll.parquet' (FORMAT parquet, COMPRESSION zstd)"
        return duckdb("DuckDB import", statement)

    alternate(import_mine, import_theirs, "openroll roll import", "DuckDB CSV to Parquet")

    (folder / "request.json").write_text(json.dumps(REQUEST))

    def release_mine(extract):
        def run():
            shutil.rmtree(folder / f"mine-{extract}", ignore_errors=True)
            command = [OPENROLL, "--store", folder / "store", "release", folder / "request.json", "--as-of", "2017-06-30"]
            command += ["--roll", "ut-2017", "--extract", extract, "--out", folder / f"mine-{extract}"]
            return measured("release", command)

        return run

    select = f"""
        SELECT {projection(elections_of(header, '2006-01-01'))}
        FROM '{folder}/roll.parquet' AS roll
        WHERE "Voter ID" NOT IN (
            SELECT voter_id FROM read_csv('{folder}/roll/protections.csv', all_varchar = true)
            WHERE ground = 'safety_risk' AND (until IS NULL OR until > '2017-06-01')
        ) AND NOT coalesce(try_strptime("DOB", '%m/%d/%Y')::DATE > DATE '1999-06-01', false)
    """

    def release_theirs(extract, order):
        def run():
            options = "FORMAT csv, HEADER" if extract == "csv" else "FORMAT parquet, COMPRESSION zstd"
            ordered = " ORDER BY ALL" if order else ""
            statement = f"COPY ({select}{ordered}) TO '{folder}/theirs.{extract}' ({options})"
            return duckdb("DuckDB release", statement)

        return run

    for extract in ["csv", "parquet"]:
        alternate(
            release_mine(extract), release_theirs(extract, False),
            f"openroll release, {extract}, sorted, gated, signed", f"DuckDB projection to {extract}, unsorted",
        )
    rows.append(("DuckDB projection to csv, sorted", median([release_theirs("csv", True)() for _ in range(arguments.runs)])))
    rows.append(("openroll verify", measured("verify", [OPENROLL, "verify", folder / "mine-csv"])))

    print(f"{arguments.rows:,} registrants, {megabytes:.0f} MB of CSV, {len(COLUMNS) + 4} columns out, median of {arguments.runs}")
    print(f"{'step':52} {'wall s':>7} {'CPU s':>7} {'peak MB':>8} {'rows/s':>10} {'MB/s':>6}")
    for label, run in rows:
        rate, speed = arguments.rows / run["wall"], megabytes / run["wall"]
        print(f"{label:52} {run['wall']:7.2f} {run['cpu']:7.2f} {run['peak']:8.0f} {rate:10,.0f} {speed:6.0f}")

    compare = f"""
        CREATE TABLE mine AS SELECT * FROM read_csv('{folder}/mine-csv/extract.csv', all_varchar = true, header = true);;
        CREATE TABLE theirs AS SELECT * FROM read_csv('{folder}/theirs.csv', all_varchar = true, header = true);;
        COPY (SELECT
            (SELECT count(*) FROM mine) AS mine, (SELECT count(*) FROM theirs) AS theirs,
            (SELECT count(*) FROM (SELECT * FROM mine EXCEPT ALL SELECT * FROM theirs)) AS only_mine,
            (SELECT count(*) FROM (SELECT * FROM theirs EXCEPT ALL SELECT * FROM mine)) AS only_theirs
        ) TO '{folder}/compare.json' (FORMAT json)
    """
    duckdb("compare", compare)
    print("rows of the two extracts:", (folder / "compare.json").read_text().strip())


if __name__ == "__main__":
    main()
