"""The graph in Terraform's words, so that scanners made for Terraform can read it: `as_plan(graph)`."""

from trackstack_infra.policy.terraform.plan import as_plan

__all__ = ["as_plan"]
