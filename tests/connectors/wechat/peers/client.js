// Calls the API as another client library does. In (stdin): {base, token, steps: [[method, ...arguments]]}.
// Out: one JSON line of results; an error is {code, message}.
'use strict';
const API = require('co-wechat-api');

async function main(job) {
  const api = new API('app', 'secret', async () => ({ accessToken: job.token, expireTime: Date.now() + 1e6 }));
  api.prefix = `${job.base}/cgi-bin/`;
  api.fileServerPrefix = api.prefix;
  const results = [];
  for (const [method, ...given] of job.steps) {
    try {
      const result = await api[method](...given);
      results.push(Buffer.isBuffer(result) ? { bytes: result.toString('base64') } : result);
    } catch (error) {
      results.push({ code: error.code, message: error.message });
    }
  }
  console.log(JSON.stringify(results));
}

let input = '';
process.stdin.on('data', (chunk) => { input += chunk; });
process.stdin.on('end', () => main(JSON.parse(input)).catch((error) => { console.error(error); process.exit(1); }));
