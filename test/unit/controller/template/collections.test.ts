import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Undefined, type Scope } from '../../../../controller/template/scope.ts'
import { TemplateError, Templates } from '../../../../controller/template/templates.ts'
import { parseJson, stringifyJson } from '../../../../proto/json-text.ts'
import type { Value } from '../../../../proto/value.ts'

const data: Value = parseJson(
  '{"people": [{"name": "a", "age": 3, "tags": ["x", "y"]}, {"name": "b", "age": 5, "tags": []}], "ops": {"f1": {"n": 1}, "f2": {"n": 2}}}',
)
const scope: Scope = {
  resolve: (name) => (name === 'data' ? data : new Undefined(`'${name}' is undefined`)),
}
const templates = new Templates({ lookups: { lookup: () => [] } })

function check(cases: readonly (readonly [string, string])[]): void {
  for (const [expression, json] of cases) {
    const found = templates.evaluate(expression, scope)
    assert.ok(!(found instanceof Undefined), expression)
    assert.equal(stringifyJson(found), json, expression)
  }
}

test('ipaddr() and its like answer as documented', () => {
  check([
    ["'192.168.1.5/24' | ipaddr", '"192.168.1.5/24"'],
    ["'192.168.1.5/24' | ansible.utils.ipaddr('network')", '"192.168.1.0"'],
    ["'192.168.1.5/24' | ipaddr('address')", '"192.168.1.5"'],
    ["'192.168.1.0/24' | ipaddr('address')", 'null'],
    ["'192.168.1.5/24' | ipaddr('netmask')", '"255.255.255.0"'],
    ["'192.168.1.5/24' | ipaddr('broadcast')", '"192.168.1.255"'],
    ["'192.168.1.0/24' | ipaddr('range_usable')", '"192.168.1.1-192.168.1.254"'],
    ["'192.168.1.5/255.255.255.0' | ipaddr('prefix')", '24'],
    ["'10.0.0.1' | ipaddr('private')", '"10.0.0.1"'],
    ["'8.8.8.8' | ipaddr('private')", 'null'],
    ["'8.8.8.8' | ipaddr('public')", '"8.8.8.8"'],
    ["['a', '1.2.3.4', '::1/64', none] | ipaddr", '["1.2.3.4","::1/64"]'],
    ["['1.2.3.4', '::1'] | ipv4", '["1.2.3.4"]'],
    ["['1.2.3.4', '::1'] | ipv6", '["::1"]'],
    ["'abc' | ipaddr", 'false'],
    ["'1.2.3.256' | ipaddr", 'false'],
    ['16909060 | ipaddr', '"1.2.3.4"'],
    ["'1.2.3.4' | ipaddr('revdns')", '"4.3.2.1.in-addr.arpa."'],
    ["'192.0.2.0/24' | ipaddr('5')", '"192.0.2.5/24"'],
    ["'192.0.2.0/24' | ipaddr('-5')", '"192.0.2.251/24"'],
    ["'192.168.1.5' | ipaddr('192.168.0.0/16')", '"192.168.1.5"'],
    ["'10.1.1.5' | ipaddr('192.168.0.0/16')", 'false'],
    ["'2001:0db8:0:0::0001/64' | ipaddr('address')", '"2001:db8::1"'],
    ["'fe80::1' | ipwrap", '"[fe80::1]"'],
    ["'10.0.0.1' | ipwrap", '"10.0.0.1"'],
    ["'host' | ipwrap", '"host"'],
    ["'192.168.144.5' | ipsubnet", '"192.168.144.5/32"'],
    ["'192.168.0.0/16' | ipsubnet(20)", '"16"'],
    ["'192.168.0.0/16' | ipsubnet(20, 0)", '"192.168.0.0/20"'],
    ["'192.168.0.0/16' | ipsubnet(20, -1)", '"192.168.240.0/20"'],
    ["'192.168.144.5' | ipsubnet(20)", '"192.168.144.0/20"'],
    ["'192.168.144.5' | ipsubnet(18, 0)", '"192.168.128.0/18"'],
    ["'192.168.144.5' | ipsubnet(18, -1)", '"192.168.144.4/31"'],
    ["'192.168.144.5' | ipsubnet('192.168.0.0/16')", '"36870"'],
    ["'192.168.144.1/30' | ipsubnet('192.168.144.0/24')", '"1"'],
    ["'192.168.144.16/30' | ipsubnet('192.168.144.0/24')", '"5"'],
    ["'192.168.1.0/24' | nthhost(3)", '"192.168.1.3"'],
    ["'192.168.1.5' | ipmath(300)", '"192.168.2.49"'],
    ["['192.168.0.0/24', '192.168.1.0/24'] | cidr_merge", '["192.168.0.0/23"]'],
  ])
})

test('json_query() answers in JMESPath', () => {
  check([
    ["data | json_query('people[?age > `4`].name')", '["b"]'],
    ["data | json_query('people[*].{n: name, a: age}')", '[{"n":"a","a":3},{"n":"b","a":5}]'],
    ["data | json_query('people[].tags[]')", '["x","y"]'],
    ["data | json_query('ops.*.n')", '[1,2]'],
    ["data | json_query('sum(ops.*.n)')", '3'],
    ["data | json_query('people[0].name')", '"a"'],
    ["data | json_query('people[-1].name')", '"b"'],
    ["data | json_query('people[:1].name')", '["a"]'],
    ["data | json_query('people[?contains(tags, `x`)] | [0].age')", '3'],
    ['data | json_query("people[?name==\'a\'].age | [0]")', '3'],
    ["data | json_query('sort_by(people, &age)[-1].name')", '"b"'],
    ["data | json_query('max_by(people, &age).name')", '"b"'],
    ["data | json_query('[people[0].name, ops.f1.n]')", '["a",1]'],
    ["data | json_query('join(`,`, people[*].name)')", '"a,b"'],
    ["data | json_query('keys(ops)')", '["f1","f2"]'],
    ["data | json_query('nope.deeper')", 'null'],
    ["data | json_query('people[?!(age > `4`) && name != `b` || age == `5`].name')", '["a","b"]'],
    ["data | community.general.json_query('length(people)')", '2'],
  ])
  assert.throws(() => templates.evaluate("data | json_query('people[')", scope), TemplateError)
})
