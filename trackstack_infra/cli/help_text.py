"""What `trackstack --help` shows; tests/infra/cli/test_help_at_once.py compares it with the verbs."""

HELP = """\
Usage: trackstack [OPTIONS] COMMAND [ARGS]...

  Deploy one tracking app in two AWS architectures on this computer, without
  an AWS account or Docker.

Options:
  --install-completion  Install completion for the current shell.
  --show-completion     Show completion for the current shell, to copy it or
                        customize the installation.
  --help                Show this message and exit.

Commands:
  up           Deploy STACK with power on and wait until it is healthy.
  down         Power STACK off; keep its data and endpoints.
  destroy      Delete STACK and all its data.
  status       Show power, health and endpoints of every stack.
  outputs      Print the outputs of STACK, or one of them.
  preview      Show what `up STACK` would change.
  cost-report  Estimate the monthly cost of STACK, or of all stacks.
  graph        Draw the architecture that STACK's program declares.
  logs         Print the newest log lines of STACK.
  token        Print an access token for STACK's API.
  import       Import a file into STACK; list and undo imports.
  bridge       Back up pragmatic as the source of enterprise's data.
  policy       Check stacks against the policy rules; scan with checkov.
  cost         Explain estimates, compare settings, check claims and bills.
  local        Control the local cloud that the stacks run in.
"""
