from hand import take

take("05")
print("BLOCKED: REQ-TXT-001 drops accents, and test_accents_are_kept wants them. I left the test as it is.")
