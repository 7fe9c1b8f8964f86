"""New prices from AWS: its price files first, then its price API, and the feed behind Fargate Spot's price page.

The only part of costs that touches the network, and only when `trackstack cost prices refresh` is run.
"""
