"""What every test can count on, however the tests were started."""

import os
import signal

from hypothesis import settings

# No test asserts a time, so no example has a deadline; the same examples every time.
settings.register_profile("shiyu", deadline=None, derandomize=True)
settings.load_profile("shiyu")

# A shell that starts tests in the background makes them, and all that they start, deaf to Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# People who test may speak any language, and colours or widths of theirs are no business of ours.
for name in ("SHIYU_LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
    os.environ.pop(name, None)
