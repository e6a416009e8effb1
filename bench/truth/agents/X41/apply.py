from hand import say, swap

swap(
    "src/classify.ts",
    "/** Say what kind",
    "/**\n * @plan:PLAN-20261121-BUCKETS.P05\n * @requirement:REQ-BK-001\n * Say what kind",
)
say("Implemented classify and coolDown (markers set). All tests pass.")
