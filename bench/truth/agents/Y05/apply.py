from hand import put, say, swap, take

take("05")
put(
    "src/errors.js",
    "/** No bucket is left. */\nexport class Exhausted extends Error {\n"
    "  constructor(reasons) {\n    super('no bucket is left');\n    this.reasons = reasons;\n  }\n}\n",
)
swap("src/client.js", "throw Object.assign(new Error('no bucket is left'), { reasons });", "throw new Exhausted(reasons);")
swap("src/client.js", "from './bucket.js';\n", "from './bucket.js';\nimport { Exhausted } from './errors.js';\n")
say()
