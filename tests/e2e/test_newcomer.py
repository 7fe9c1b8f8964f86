"""What a newcomer does, in order, on one laptop: all of the README's commands, and what can be seen after each."""

import json
import os
import re
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from laptop import HANGS_S, Api, Laptop
from readme import in_order, shown_commands

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(HANGS_S)]

EXPENSES = """Date,Mode,Category,Subcategory,Note,Amount,Income/Expense,Currency
03/11/2026,Cash,Gym,,membership,49.90,Expense,EUR
04/11/2026,Cash,Food,,bread,3.20,Expense,EUR
31/02/2026,Cash,Food,,a day that does not exist,1.00,Expense,EUR
05/11/2026,Cash,Food,,bread,3.20,Expense,EUR
"""
GYM = """Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE
2026-11-07 10:00:00,"Legs",1h,"Squat (Barbell)",1,100.0,5,0,0,,,
2026-11-07 10:00:00,"Legs",1h,"Squat (Barbell)",2,102.5,5,0,0,,,
2026-11-14 10:00:00,"Legs",1h,"Squat (Barbell)",1,105.0,5,0,0,,,
"""
HEATING = """customer_id,meter_id,time_rounded,energy_heat_kwh,volume_flow_m3,\
inlet_flow_energy_m3xC,back_flow_energy_m3xC
1,77,2026-09-30T22:00:00Z,1000.0,1.0,1.0,1.0
1,77,2026-10-31T23:00:00Z,1310.5,1.0,1.0,1.0
"""


def until(arrived: Callable[[], Any], what: str, timeout_s: float = HANGS_S) -> Any:
    """Ask again until the answer is true; events and restarts take a moment."""
    deadline = time.monotonic() + timeout_s
    while True:
        found = arrived()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {timeout_s} s for {what}"
        time.sleep(0.1)


def test_00_look_before_anything_is_made(laptop: Laptop) -> None:
    """`up --dry-run` and `preview` show the whole plan on a fresh machine, start nothing, and leave nothing behind."""
    plan = laptop.json("up", "enterprise", "--dry-run")
    assert plan == laptop.json("preview", "enterprise")
    assert {change["action"] for change in plan["changes"]} == {"create"}
    assert len(plan["changes"]) == plan["counts"]["create"] > 90
    shown = laptop.run("preview", "enterprise", "--detailed-exitcode", expect=3)
    assert f"{plan['counts']['create']} to create, 0 unchanged" in shown
    assert laptop.json("status")["local_cloud"] is None


def test_01_up_enterprise_from_nothing(laptop: Laptop) -> None:
    """One command on a fresh machine: three healthy services, addresses, and a banner: the data is made up."""
    report = json.loads(laptop.run_from_nothing("up", "enterprise", "--json"))
    assert [(s["service"], s["state"], s["running"]) for s in report["services"]] == [
        ("ts-enterprise-expenses", "healthy", 1),
        ("ts-enterprise-gym", "healthy", 1),
        ("ts-enterprise-heating", "healthy", 1),
    ]
    assert [edge["kind"] for edge in report["edges"]] == ["cloudfront", "http-api", "alb"]
    assert report["sample"] is True
    assert report["changes"]["create"] > 90
    assert {row["fidelity"] for row in report["fidelity"]} == {"real", "stand-in", "stub"}


def test_02_a_second_up_changes_nothing(laptop: Laptop) -> None:
    """`up` again finds nothing to do, and its text says what the first one said: addresses, banner, fidelity table."""
    shown = laptop.run("up", "enterprise")
    assert "no changes" in shown
    assert "SAMPLE DATA" in shown
    assert "Fidelity of the local target" in shown
    assert all(len(line) <= 80 for line in shown.splitlines()), shown
    laptop.run("preview", "enterprise", "--detailed-exitcode")


def test_02_looking_at_what_it_costs_and_is_made_of(laptop: Laptop) -> None:
    """Costs, pictures, comparisons and the policy need nothing that runs, and mind nothing that does."""
    assert "$" in laptop.run("cost-report")
    assert " h × " in laptop.run("cost", "explain", "enterprise", "nat")
    assert "$" in laptop.run("cost", "what-if", "enterprise", "egress=ipv6", "observability=task")
    laptop.run("cost-report", "--budget", "25")
    assert "$" in laptop.run("graph", "enterprise", "--cost")
    assert laptop.json("preview", "enterprise")["changes"] == []
    assert "resources" in laptop.run("preview", "pragmatic", "--against", "enterprise")
    assert "resources" in laptop.run("preview", "enterprise", "--set", "egress=ipv6", "--against", "egress=nat")
    laptop.run("policy", "check", "enterprise")


def test_03_the_api_answers_only_to_a_token(laptop: Laptop) -> None:
    """A token of the emulated pool opens the API; without one: 401, at the gateway and at the service alike."""
    api = laptop.api("enterprise")
    assert api.get("/expenses/expenses?limit=2").status == 200
    assert api.get("/gym/workouts").body["items"]
    assert api.get("/heating/meters").body["items"]
    assert Api(api.url, "").get("/expenses/expenses", Authorization="").status == 401
    assert Api(api.url, api.token[:-2]).get("/expenses/expenses").status == 401
    balancer = next(edge["url"] for edge in _stack(laptop, "enterprise")["edges"] if edge["kind"] == "alb")
    behind = Api(balancer, "").get("/gym/workouts", Authorization="")
    assert behind.status == 401
    assert behind.headers["content-type"] == "application/problem+json"


def test_04_the_site_and_unknown_paths(laptop: Laptop) -> None:
    """CloudFront serves the site out of its private bucket; an API path that nobody deployed is 404."""
    edges = {edge["kind"]: edge["url"] for edge in _stack(laptop, "enterprise")["edges"]}
    with urllib.request.urlopen(edges["cloudfront"], timeout=HANGS_S) as page:
        assert page.headers["Content-Type"].startswith("text/html")
        assert b"<h1>TrackStack</h1>" in page.read()
    assert laptop.api("enterprise").get("/diet/meals").status == 404


def test_05_status_logs_outputs_graph(laptop: Laptop) -> None:
    """What runs can be seen: power and health, log lines out of CloudWatch Logs, outputs, and a picture."""
    assert "http" in laptop.run("status")
    assert laptop.run("token", "enterprise").count(".") == 2
    assert "gym" in laptop.follow("logs", "enterprise", "gym", "-f")
    assert laptop.run("outputs", "enterprise", "api_url").startswith("http://127.0.0.1:")
    assert _stack(laptop, "enterprise")["power"] == "on"
    assert (_stack(laptop, "enterprise")["healthy"], _stack(laptop, "enterprise")["desired"]) == (3, 3)
    lines = until(lambda: laptop.json("logs", "enterprise", "gym"), "log lines of gym")
    assert {line["service"] for line in lines} == {"gym"}
    assert all(json.loads(line["message"]) for line in lines)
    assert laptop.run("outputs", "enterprise", "power").strip() == "on"
    assert laptop.json("outputs", "enterprise")["cluster"] == "ts-enterprise"
    assert laptop.run("graph", "enterprise").startswith("enterprise: ")
    assert laptop.run("graph", "enterprise", "--format", "mermaid").startswith("flowchart ")
    assert len(laptop.json("graph", "enterprise")["resources"]) > 90


def test_06_up_pragmatic_beside_it(laptop: Laptop) -> None:
    """The same three domains in one process, on ports of their own; enterprise goes on undisturbed."""
    report = laptop.json("up", "pragmatic")
    assert [(s["service"], s["state"]) for s in report["services"]] == [("ts-pragmatic-monolith", "healthy")]
    assert laptop.api("pragmatic").get("/expenses/expenses").body == {"items": [], "next": None}
    assert (_stack(laptop, "enterprise")["healthy"], _stack(laptop, "pragmatic")["healthy"]) == (3, 1)


def test_07_imports_take_each_row_once(laptop: Laptop, tmp_path: Path) -> None:
    """A row is taken, known or refused with the reason; the same file again changes nothing."""
    for name, content in (("expenses", EXPENSES), ("gym", GYM), ("heating", HEATING)):
        (tmp_path / f"{name}.csv").write_text(content)
    rehearsed = laptop.run("import", "pragmatic", "expenses", str(tmp_path / "expenses.csv"), "--dry-run")
    assert rehearsed.splitlines()[0] == "expenses.csv: 3 would be imported, 0 already known, 1 refused"
    first = laptop.run("import", "pragmatic", "expenses", str(tmp_path / "expenses.csv"))
    assert first.splitlines()[0] == "expenses.csv: 3 imported, 0 already known, 1 refused"
    assert "  dates=day-first: Dates like 05/09/2026 were read with the day first: line 4 (31/02/2026) can" in first
    assert "  line 4: Date says '31/02/2026', but there is no such day" in first
    again = laptop.json("import", "pragmatic", "expenses", str(tmp_path / "expenses.csv"))
    assert (again["taken"], again["known"], again["refused"]) == (0, 3, 1)
    units = ("--with", "weight=kg", "--with", "zone=Europe/Berlin")
    asked = laptop.run("import", "pragmatic", "gym", str(tmp_path / "gym.csv"), expect=7)
    assert "give weight=lb or weight=kg" in asked
    gym = laptop.json("import", "pragmatic", "gym", str(tmp_path / "gym.csv"), *units)
    heating = laptop.json("import", "pragmatic", "heating", str(tmp_path / "heating.csv"))
    abroad = laptop.run("import", "pragmatic", "gym", str(tmp_path / "gym.csv"), "--with", "zone=Asia/Tokyo", expect=7)
    assert "has taken this file with zone=Europe/Berlin, not Asia/Tokyo;" in abroad
    assert "no value" in laptop.run("import", "pragmatic", "gym", str(tmp_path / "gym.csv"), "--with", "zone", expect=2)
    assert (gym["taken"], gym["refused"], heating["taken"], heating["refused"]) == (3, 0, 2, 0)
    (tmp_path / "empty.csv").write_text("")
    for wrong in ("empty.csv", "gym.csv"):
        refused = laptop.run("import", "pragmatic", "expenses", str(tmp_path / wrong), expect=7)
        assert "nothing was imported" in refused
    undone = laptop.run("import", "undo", "pragmatic", "expenses")
    assert undone == "Import of expenses.csv undone: 3 removed.\n"
    laptop.run("import", "pragmatic", "expenses", str(tmp_path / "expenses.csv"))
    listed = laptop.json("import", "list", "pragmatic")
    assert [(run["taken"], bool(run["undone_at"])) for run in listed["expenses"]] == [(3, False), (3, True)]
    assert [run["file_name"] for run in listed["gym"]] == ["gym.csv"]
    laptop.run("import", "list", "pragmatic", "heating")


def test_08_the_domains_hear_of_each_other(laptop: Laptop) -> None:
    """A heating bill becomes one expense; the gym's fee and its visits become a price per visit, on both sides."""
    api = laptop.api("pragmatic")
    bill = {"period_from": "2026-10-01", "period_to": "2026-10-31", "kwh_milli": 310500, "amount_minor": 4200}
    assert api.post("/heating/bills", {**bill, "currency": "EUR"}).status == 201
    booked = until(
        lambda: [e for e in api.items("/expenses/expenses") if e["source"] == "heating"], "the bill among the expenses"
    )
    assert [(expense["amount_minor"], expense["currency"]) for expense in booked] == [(4200, "EUR")]

    gym = next(category for category in api.items("/expenses/categories") if category["name"] == "Gym")
    tagged = {"name": "Gym", "kind": "spend", "tag": "gym", "archived": False}
    changed = api.call("PUT", f"/expenses/categories/{gym['id']}", tagged, If_Match=f'"{gym["version"]}"')
    assert changed.status == 200
    report = until(lambda: _visit_price(api), "the price per visit")
    # 49.90 € for two visits: 24.95 € each.
    assert report == (2, 2495)
    months = until(
        lambda: [m for m in api.get("/gym/reports/cost-per-visit").body["months"] if m["costs"]], "the fee in gym"
    )
    assert months[-1]["visits"] == 2


def test_09_backup_down_up_brings_the_data_across(laptop: Laptop) -> None:
    """After a backup of pragmatic, enterprise starts with what was imported, in three databases."""
    backup = laptop.json("bridge", "backup")
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{12}", backup["id"])
    assert backup["source"] == "pragmatic"
    assert [b["source"] for b in laptop.json("bridge", "list")] == ["pragmatic", "sample"]

    url = laptop.run("outputs", "enterprise", "api_url").strip()
    down = laptop.json("down", "enterprise")
    assert down["changes"]["delete"] > 20
    assert Api(url, laptop.api("pragmatic").token).get("/expenses/expenses").status == 404
    assert _stack(laptop, "enterprise")["power"] == "off"

    report = laptop.json("up", "enterprise")
    assert (report["backup"], report["sample"]) == (backup["id"], False)
    for path in ("/expenses/expenses", "/expenses/categories", "/gym/workouts", "/heating/readings", "/heating/bills"):
        assert laptop.api("enterprise").items(path) == laptop.api("pragmatic").items(path), path
    databases = sorted(path.name for path in (laptop.home / "local" / "efs").rglob("ts-enterprise-data/**/*.db"))
    assert databases == [f"{domain}.{backup['id']}.db" for domain in ("expenses", "gym", "heating")]


def test_10_events_cross_the_services(laptop: Laptop) -> None:
    """In enterprise a bill in heating becomes an expense in another process, through SNS and SQS."""
    api = laptop.api("enterprise")
    bill = {"period_from": "2026-11-01", "period_to": "2026-11-20", "kwh_milli": 1000, "amount_minor": 777}
    assert api.post("/heating/bills", {**bill, "currency": "EUR"}).status == 201
    until(lambda: [e for e in api.items("/expenses/expenses") if e["amount_minor"] == 777], "the bill across services")
    assert not [e for e in laptop.api("pragmatic").items("/expenses/expenses") if e["amount_minor"] == 777]


def test_11_a_killed_service_comes_back(laptop: Laptop) -> None:
    """kill -9 of a service: it is started again by itself, with its data."""
    gym = _service(laptop, "ts-enterprise-gym")
    before = laptop.api("enterprise").items("/gym/workouts")
    os.kill(gym["tasks"][0]["pid"], signal.SIGKILL)
    until(
        lambda: (
            (now := _service(laptop, "ts-enterprise-gym"))["state"] == "healthy"
            and now["tasks"][0]["pid"] != gym["tasks"][0]["pid"]
        ),
        "gym to come back",
    )
    assert laptop.api("enterprise").items("/gym/workouts") == before


def test_12_a_killed_supervisor_is_told_and_mended(laptop: Laptop) -> None:
    """kill -9 of the local cloud: status tells the truth, and `up` brings everything back with its data."""
    before = laptop.api("pragmatic").items("/expenses/expenses")
    tasks = [
        task["pid"]
        for stack in ("pragmatic", "enterprise")
        for s in _stack(laptop, stack)["services"]
        for task in s["tasks"]
    ]
    os.kill(laptop.supervisor_pid(), signal.SIGKILL)
    until(lambda: laptop.json("status")["local_cloud"] is None, "the supervisor to be gone")
    assert [stack["power"] for stack in laptop.json("status")["stacks"]] == ["stopped", "stopped", "stopped"]
    laptop.json("up", "pragmatic")
    assert laptop.api("pragmatic").items("/expenses/expenses") == before
    assert not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in tasks)


def test_13_stop_and_start_keep_backups(laptop: Laptop) -> None:
    """`local stop` ends every process and keeps the data; afterwards enterprise starts with the backup of before."""
    newest = laptop.json("bridge", "backup")["id"]
    laptop.run("local", "stop")
    assert laptop.json("status")["local_cloud"] is None
    report = laptop.json("up", "enterprise")
    assert (report["backup"], report["sample"]) == (newest, False)


def test_14_destroy_leaves_nothing(laptop: Laptop) -> None:
    """destroy removes each stack with its data; pragmatic's only after a backup; the local cloud ends with the last."""
    laptop.json("up", "pragmatic")
    laptop.run("down", "enterprise")
    laptop.run("destroy", "enterprise", "--confirm", "enterprise")
    refused = laptop.run("destroy", "foundation", "--confirm", "foundation", expect=1)
    assert "foundation is in use by pragmatic" in refused
    runs = len(laptop.json("cost-report", "--history")["runs"])
    laptop.run("destroy", "pragmatic", "--confirm", "pragmatic")
    assert [run["stack"] for run in laptop.json("cost-report", "--history")["runs"][runs:]] == ["pragmatic"]
    assert "only copies" in laptop.run("destroy", "foundation", "--confirm", "foundation", expect=7)
    laptop.run("destroy", "foundation", "--confirm", "foundation", "--accept-data-loss")
    status = laptop.json("status")
    assert status["local_cloud"] is None
    assert [stack["power"] for stack in status["stacks"]] == ["absent", "absent", "absent"]
    assert not list((laptop.home / "local").rglob("*.db"))
    laptop.run("local", "stop")


def test_15_these_were_the_commands_of_the_readme(laptop: Laptop) -> None:
    """Every command that the README shows was run above as it stands there, in its order, and none failed."""
    assert in_order(shown_commands(), laptop.succeeded) == []


def _stack(laptop: Laptop, name: str) -> dict[str, Any]:
    return next(stack for stack in laptop.json("status")["stacks"] if stack["stack"] == name)


def _service(laptop: Laptop, name: str) -> dict[str, Any]:
    return next(service for service in _stack(laptop, "enterprise")["services"] if service["service"] == name)


def _visit_price(api: Api) -> tuple[int, int] | None:
    report = api.get("/expenses/reports/monthly?from=2026-11&to=2026-11").body
    for currency in report["months"][0]["currencies"]:
        for category in currency["categories"]:
            if category["tag"] == "gym" and category["visits"] == 2:
                return category["visits"], category["per_visit_minor"]
    return None
