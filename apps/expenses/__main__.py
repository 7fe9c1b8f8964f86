"""`python -m apps.expenses`: the domain as a process of its own."""

from apps.common.serve import main
from apps.expenses import service

if __name__ == "__main__":
    main([service])
