from hand import put, say, take
from pathlib import Path

take("03")
text = Path("test/bucket.test.js").read_text()
put("test/bucket.test.js", text[: text.index("\ntest('no time is no wait'")])
say()
