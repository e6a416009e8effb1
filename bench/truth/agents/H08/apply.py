from hand import say, swap, take

swap("package.json", "0.4.1", "0.5.0")
swap("package-lock.json", "0.4.1", "0.5.0")
swap("CHANGELOG.md", "## 0.4.1", "## 0.5.0\n\n- Send through one bucket after the other.\n\n## 0.4.1")
say("Version 0.5.0 is ready.")
