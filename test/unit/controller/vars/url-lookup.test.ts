import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { makeLab } from './language-lab.ts'

/** A template has its value at once, so who asks waits: the server is on a thread of its own. */
const server = `
const { parentPort } = require('node:worker_threads')
require('node:http').createServer((request, response) => {
  const { authorization = '', 'x-tried': tried = '' } = request.headers
  if (request.url === '/login' && authorization !== 'Basic ' + btoa('me:secret')) response.statusCode = 401
  if (request.url === '/elsewhere') response.writeHead(302, { Location: '/text' })
  response.end('one\\ntwo' + tried + '\\n')
}).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port) })
`

async function serve(t: TestContext): Promise<string> {
  const worker = new Worker(server, { eval: true })
  t.after(() => worker.terminate())
  const [port] = (await once(worker, 'message')) as [number]
  return `http://127.0.0.1:${port}`
}

async function evaluator(t: TestContext): Promise<(expression: string) => string> {
  const lab = await makeLab(t, { hosts: 'h\n', 'site.yml': '- hosts: h\n' })
  return (expression) => JSON.stringify(lab.value(expression, { host: 'h' }))
}

test('lookup(url) gives the lines of a page, or all of it', async (t) => {
  const at = await serve(t)
  const value = await evaluator(t)
  assert.equal(value(`query('url', '${at}/text')`), '["one","two"]')
  assert.equal(
    value(`lookup('url', '${at}/elsewhere', split_lines=False)`),
    String.raw`"one\ntwo\n"`,
  )
  assert.equal(value(`query('url', '${at}/text', headers={'X-Tried': 3})`), '["one","two3"]')
  assert.equal(
    value(`query('url', '${at}/login', username='me', password='secret')`),
    '["one","two"]',
  )
})

test('lookup(url) says what kept a page away', async (t) => {
  const at = await serve(t)
  const value = await evaluator(t)
  assert.throws(() => value(`lookup('url', '${at}/login')`), {
    message: /Received HTTP error for http:\S+\/login : HTTP Error 401: Unauthorized/u,
  })
  assert.throws(() => value(`lookup('url', 'http://127.0.0.1:1/')`), {
    message: /Failed lookup url for http:\S+ : <urlopen error /u,
  })
})
