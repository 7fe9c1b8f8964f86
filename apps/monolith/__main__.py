"""`python -m apps.monolith`: all three domains as one process over one database."""

from apps.common.serve import main
from apps.monolith.backup import operations
from apps.monolith.services import SERVICES

if __name__ == "__main__":
    main(SERVICES, operations=operations)
