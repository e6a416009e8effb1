// Print the kind and the wait of one answer: ask.mjs STATUS CODE ATTEMPT [RETRY_AFTER]
import { createServer } from 'vite';

const [status, code, attempt, after] = process.argv.slice(2);
const server = await createServer({ server: { middlewareMode: true }, logLevel: 'error', appType: 'custom' });
const { classify, coolDown } = await server.ssrLoadModule('/src/classify.ts');
const { HttpError } = await server.ssrLoadModule('/src/errors.ts');
const error = new HttpError(Number(status), code === '-' ? '' : code, after ? Number(after) : null);
console.log(classify(error), coolDown(error, Number(attempt)));
await server.close();
