"""Make names for addresses out of titles."""

import re
import unicodedata


def slugify(text):
    """Return the words of a text in lower case, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
