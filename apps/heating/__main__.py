"""`python -m apps.heating`: the process of this domain alone."""

from apps.common.serve import main
from apps.heating import service

if __name__ == "__main__":
    main([service])
