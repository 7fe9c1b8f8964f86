"""`python -m apps.gym`: the process of this domain alone."""

from apps.common.serve import main
from apps.gym import service

if __name__ == "__main__":
    main([service])
