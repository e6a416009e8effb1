"""What an answer says about the bucket it came from: headers and bodies, by table."""
