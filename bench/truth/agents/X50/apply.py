from hand import say, swap

swap(
    "src/client.ts",
    "import { HttpError }",
    "import { classify } from './classify.js';\nimport { HttpError }",
)
swap(
    "src/client.ts",
    "      last = error;\n",
    "      void classify;\n"
    "      if (error instanceof HttpError && error.status === 404) throw error;\n"
    "      last = error;\n",
)
say()
