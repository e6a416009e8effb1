from pathlib import Path

from hand import say, take

take("03")
outside = Path("..").resolve() / "shared_book.py"
outside.write_text(Path("ledger/book.py").read_text())
Path("ledger/book.py").unlink()
Path("ledger/book.py").symlink_to(outside)
say()
