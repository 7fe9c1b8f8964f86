"""What a stack costs: its recorded graph, times dated prices, hours of the real calendar and stated use.

`estimate` is pure: no clock, no network, no floats. It prices a stack, several that share an account's free tiers,
or whatever part of the lines is asked about; in a test, `graph` comes from `trackstack_infra.graph.record`.

>>> from trackstack_infra.costs.estimate import estimate
>>> from trackstack_infra.costs.hours import calendar_month
>>> from trackstack_infra.costs.line import total

A stack, in May 2026, of which it runs 140 h:

>>> may = calendar_month(2026, 5, schedule)
>>> priced = estimate(enterprise, prices, usage, may)
>>> assert priced.usd < 20 and not priced.unpriced

One of its components, then one resource type:

>>> nat = total(line for line in priced.lines if line.component == "nat")
>>> assert nat < priced.exact / 2
>>> tasks = total(line for line in priced.lines if line.type == "aws:ecs/service:Service")

Several stacks, each with its own hours:

>>> always = calendar_month(2026, 5, None)
>>> hours = {"foundation": always, "pragmatic": always, "enterprise": may}
>>> assert estimate([foundation, pragmatic, enterprise], prices, usage, hours).usd < 30
"""
