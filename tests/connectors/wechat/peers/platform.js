// Plays the platform with other people's cryptography: pushes, then opens what comes back.
// In (stdin): {url, token, aesKey, appId, lib, form, contents}. Out: one JSON line.
'use strict';
const crypto = require('crypto');
const WXBizMsgCrypt = require('wechat-crypto');
const wecom = require('@wecom/crypto');

const libraries = {
  'wechat-crypto': ({ token, aesKey, appId }) => {
    const box = new WXBizMsgCrypt(token, aesKey, appId);
    return {
      sign: (t, n, e) => box.getSignature(t, n, e),
      encrypt: (text) => box.encrypt(text),
      decrypt: (text) => box.decrypt(text),
    };
  },
  '@wecom/crypto': ({ token, aesKey, appId }) => ({
    sign: (t, n, e) => wecom.getSignature(token, t, n, e),
    encrypt: (text) => wecom.encrypt(aesKey, text, appId),
    decrypt: (text) => wecom.decrypt(aesKey, text),
  }),
};

const cdata = (text) => `<![CDATA[${text.split(']]>').join(']]]]><![CDATA[>')}]]>`;
const tag = (xml, name) => {
  const found = xml.match(new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${name}>`));
  return found ? found[1].split(']]]]><![CDATA[>').join(']]>') : undefined;
};

async function main(job) {
  const box = libraries[job.lib](job);
  const sha1 = (...parts) => crypto.createHash('sha1').update(parts.sort().join('')).digest('hex');
  const timestamp = '1714112445';
  const post = (body, nonce, msgSignature) => {
    const query = new URLSearchParams({
      signature: sha1(job.token, timestamp, nonce), timestamp, nonce,
      encrypt_type: 'aes', msg_signature: msgSignature,
    });
    return fetch(`${job.url}?${query}`, { method: 'POST', body });
  };
  const result = { answers: [], ids: [], signed: [], tampered: [] };

  const greet = new URLSearchParams({
    signature: sha1(job.token, timestamp, '1'), timestamp, nonce: '1', echostr: 'echo-1',
  });
  result.echo = await (await fetch(`${job.url}?${greet}`)).text();

  for (const [index, content] of job.contents.entries()) {
    const nonce = String(1000 + index);
    const fields = {
      ToUserName: 'gh_peer', FromUserName: 'oPeer', CreateTime: 1714112445,
      MsgType: 'text', Content: content, MsgId: 9000 + index,
    };
    const json = job.form === 'json';
    const plain = json ? JSON.stringify(fields) : `<xml>${Object.entries(fields)
      .map(([name, v]) => `<${name}>${typeof v === 'string' ? cdata(v) : v}</${name}>`).join('')}</xml>`;
    const encrypted = box.encrypt(plain);
    const body = json ? JSON.stringify({ ToUserName: 'gh_peer', Encrypt: encrypted })
      : `<xml><ToUserName><![CDATA[gh_peer]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
    const signature = box.sign(timestamp, nonce, encrypted);
    const reply = await (await post(body, nonce, signature)).text();
    const outer = json ? JSON.parse(reply) : Object.fromEntries(
      ['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce'].map((name) => [name, tag(reply, name)]));
    result.signed.push(outer.MsgSignature === box.sign(String(outer.TimeStamp), outer.Nonce, outer.Encrypt));
    const opened = box.decrypt(outer.Encrypt);
    result.ids.push(opened.id);
    result.answers.push(json ? JSON.parse(opened.message).Content : tag(opened.message, 'Content'));

    const other = (encrypted[30] === 'A' ? 'B' : 'A');
    const broken = body.replace(encrypted, encrypted.slice(0, 30) + other + encrypted.slice(31));
    result.tampered.push((await post(broken, nonce, signature)).status);
  }
  console.log(JSON.stringify(result));
}

let input = '';
process.stdin.on('data', (chunk) => { input += chunk; });
process.stdin.on('end', () => main(JSON.parse(input)).catch((error) => { console.error(error); process.exit(1); }));
