from hand import take

take("03")
print("BLOCKED: REQ-BUC-3 says never below 1; the test 'no time is no wait' wants 0.")
