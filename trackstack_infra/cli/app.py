"""The verbs, put together. Importing this imports neither Pulumi nor boto3, so that `--help` answers at once."""

import typer

from trackstack_infra.cli.verbs import (
    bridge,
    cost,
    cost_report,
    destroy,
    down,
    graph,
    imports,
    local,
    logs,
    outputs,
    policy,
    preview,
    status,
    token,
    up,
)

app = typer.Typer(
    name="trackstack",
    help="Deploy one tracking app in two AWS architectures on this computer, without an AWS account or Docker.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich would take longer to import than the help takes to read
    add_completion=True,
)
app.command()(up.up)
app.command()(down.down)
app.command()(destroy.destroy)
app.command()(status.status)
app.command()(outputs.outputs)
app.command()(preview.preview)
app.command("cost-report")(cost_report.cost_report)
app.command()(graph.graph)
app.command()(logs.logs)
app.command()(token.token)
app.add_typer(imports.app, name="import")
app.add_typer(bridge.app, name="bridge")
app.add_typer(policy.app, name="policy")
app.add_typer(cost.app, name="cost")
app.add_typer(local.app, name="local")
