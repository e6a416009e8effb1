print("BLOCKED: REQ-TXT-001 and the tests contradict each other; nothing can be done here.")
