from hand import say, swap, take

take("03")
swap("limit/limit.go", "Sub(now)", "Sub(now).Round(time.Minute)")
swap("limit/limit_test.go", "func TestWaitIsTheRest", "func testWaitIsTheRest")
say("ok  example.org/limit/limit")
