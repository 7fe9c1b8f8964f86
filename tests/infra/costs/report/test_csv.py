"""The report for spreadsheets."""

import csv
from io import StringIO

from trackstack_infra.costs.report.csv import as_csv
from trackstack_infra.costs.report.rows import COLUMNS
from trackstack_infra.costs.report.summary import Report


def test_one_row_a_meter_and_one_a_resource_without_price(report: Report) -> None:
    """Seven meters, one unpriced resource, one line of headers; a yes or no is lower case."""
    text = as_csv(report)
    rows = list(csv.DictReader(StringIO(text)))
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert len(rows) == 8
    assert [row["monthly_cost"] for row in rows] == ["3.60", "0.00", "5.67", "1.02", "1.02", "1.02", "0.30", ""]
    assert {row["implied"] for row in rows} == {"false"}
    assert "\r" not in text
