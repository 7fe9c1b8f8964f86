"""Sample data: a plausible year of one invented person, made by the domains' own rules from a seed number."""

from apps.sample.build import build_sample

__all__ = ["build_sample"]
