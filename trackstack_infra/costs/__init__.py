"""What a stack costs: its recorded graph, times dated prices, hours of the real calendar and stated use.

`estimate` is pure: no clock, no network, no floats. docs/costs.md shows how to use it.
"""
