from hand import say, swap, take

take("05")
swap("src/client.js", "export async function send", "// @ts-ignore\nexport async function send")
swap("src/client.js", "/** Send a", "/* eslint-disable no-await-in-loop, no-throw-literal */\n/** Send a")
say()
