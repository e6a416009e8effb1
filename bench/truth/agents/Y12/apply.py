from hand import add, say, take

take("03")
add(
    "test/name.test.js",
    "\ntest('a name skips nothing and todo is only a name', () => {\n"
    "  assert.equal(isName('todo'), true);\n  assert.equal(isName(' skip'), false);\n});\n",
)
say()
