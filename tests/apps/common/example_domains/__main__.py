"""`python example_domains pantry shopping`: the named domains as one real process."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from apps.common.serve import main
from example_domains.both import BOTH

if __name__ == "__main__":
    main([each for each in BOTH if each.name in sys.argv[1:]])
