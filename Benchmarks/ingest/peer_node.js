// For information: Node's http module, HMAC over the raw body, appended to a plain file with fdatasync in batches. No database, so not like for like.
const crypto = require('node:crypto'), fs = require('node:fs'), http = require('node:http');
const secret = process.env.SECRET, file = fs.openSync(process.env.DATABASE, 'a');
let waiting = [], busy = false;

function flush() {
  if (busy || waiting.length === 0) return;
  busy = true;
  const batch = waiting.splice(0, 64);
  fs.writev(file, batch.map((entry) => entry.body), () => fs.fdatasync(file, () => {
    busy = false;
    for (const entry of batch) entry.response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"accepted"}\n');
    flush();
  }));
}

http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
    const body = Buffer.concat(chunks);
    const expected = Buffer.from('sha256=' + crypto.createHmac('sha256', secret).update(body).digest('hex'));
    const given = Buffer.from(request.headers['x-hub-signature-256'] ?? '');
    if (given.length !== expected.length || !crypto.timingSafeEqual(given, expected)) return response.writeHead(401).end();
    waiting.push({ body, response });
    flush();
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
