"""All files that must be refused, by name."""

from tests.core.sheets.forge import Cases
from tests.core.sheets.hostile_archives import ARCHIVES
from tests.core.sheets.hostile_contents import CONTENTS

HOSTILE = Cases({**ARCHIVES, **CONTENTS})
# Those that could hurt the process which opens them without limits.
HEAVY = {
    "attribute_of_80_mib",
    "hundred_mib_behind_a_small_size",
    "million_levels",
    "string_of_100_mib",
    "string_of_300_mib",
    "string_of_60_mib_of_noise",
    "token_that_never_ends",
}
