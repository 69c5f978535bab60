"""Every sentence people read in the sheet; one place, so that wording can be mended or translated.

House style: name the column in quotes, say what is wrong, say what to do. A cell holds at most 90 characters:
what people or the service wrote gives way where a sentence would be longer. No status codes, no code words, no
blame.
"""

# One name for whoever speaks.
from bot.domain.wording.cells import *  # noqa: F403 - as said above
from bot.domain.wording.control import *  # noqa: F403 - as said above
from bot.domain.wording.delivery import *  # noqa: F403 - as said above
from bot.domain.wording.fitting import *  # noqa: F403 - as said above
from bot.domain.wording.links import *  # noqa: F403 - as said above
from bot.domain.wording.news import *  # noqa: F403 - as said above
from bot.domain.wording.notes import *  # noqa: F403 - as said above
from bot.domain.wording.rows import *  # noqa: F403 - as said above
from bot.domain.wording.watch import *  # noqa: F403 - as said above
from bot.domain.wording.words import *  # noqa: F403 - as said above
