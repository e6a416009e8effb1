"""What an answer says about the bucket it came from: headers and bodies, read by table."""
