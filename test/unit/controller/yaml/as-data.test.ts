import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '../../../support/properties.ts'
import { Templates } from '../../../../controller/template/templates.ts'
import { templateForText, textOfTemplate } from '../../../../controller/yaml/as-data.ts'

const templates = new Templates({ lookups: { lookup: () => [] } })
const nothing = {
  resolve(name: string): never {
    throw new Error(`${name} was looked up`)
  },
}

/** Text full of what templates are made of. */
const texts = fc
  .array(
    fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      "'",
      '"',
      '\\',
      ' ~ ',
      '[',
      ']',
      'x',
      '\n',
      '| string',
    ),
  )
  .map((parts) => parts.join(''))

test('templateForText() renders to the text itself, whatever is in it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      assert.equal(templates.render(templateForText(text), nothing), text)
    }),
  )
})

test('textOfTemplate() gives back what templateForText() was given', () => {
  fc.assert(
    fc.property(texts, (text) => {
      assert.equal(textOfTemplate(templateForText(text)), text)
    }),
  )
})

test('textOfTemplate() leaves a template of the user alone', () => {
  for (const text of ['{{ x }}', "{{ 'a' }}", "{{ ('a') | string }}"]) {
    assert.equal(textOfTemplate(text), text)
  }
})
