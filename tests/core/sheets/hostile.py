"""All files that must be refused, by name."""

from tests.core.sheets.forge import Cases
from tests.core.sheets.hostile_archives import ARCHIVES
from tests.core.sheets.hostile_contents import CONTENTS

HOSTILE = Cases({**ARCHIVES, **CONTENTS})
