from hand import say, swap, take

take("05")
swap("src/client.js", "waitSeconds(error, attempt)", "waitSeconds(error, 1)")
swap("src/client.js", "for (let attempt = 1; bucket !== null; attempt += 1)", "while (bucket !== null)")
say()
