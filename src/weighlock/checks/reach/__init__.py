"""Which code a tree uses: what each file defines, names and loads, by its syntax."""
