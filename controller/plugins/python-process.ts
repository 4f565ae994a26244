import type { Logger } from 'pino'
import { asset } from '../../proto/assets.ts'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { Datum } from '../template/python/datum.ts'
import { decode, encode, field, textOf } from './codec.ts'
import { Pipe, type PipeOptions, type Received } from './pipe.ts'

/** How the process is started. */
export interface PythonProcessOptions extends Omit<PipeOptions, 'args' | 'onSaid'> {
  /** The first message: where plugins lie. */
  readonly settings: Datum
  readonly log: Logger
}

/** What a plugin asks while it runs. */
export interface Question {
  readonly ask: string
  readonly name: string
  /** Whose variables are meant, where it is not the scope of the call. */
  readonly host: string | undefined
}

/** One call, and who answers what the plugin asks meanwhile. */
export interface Call {
  readonly message: Datum
  /** For sentences: `filter plugin 'x'`. */
  readonly what: string
  /** It is ended when nothing is heard of it for so long. */
  readonly limitMs: number
  readonly answer: (question: Question) => Datum
}

const modules = ['values', 'channel', 'with_core', 'without_core', 'serve'] as const

/** The Python that runs plugins. Calls may nest: what a plugin asks for may need another plugin. */
export class PythonProcess implements Disposable {
  readonly #pipe: Pipe
  #isOver = false

  constructor({ settings, log, ...options }: PythonProcessOptions) {
    this.#pipe = new Pipe({
      ...options,
      args: ['-c', asset('controller/plugins/python/boot.py')],
      onSaid: (text) => {
        log.debug({ text }, 'a plugin printed')
      },
    })
    this.#pipe.send(JSON.stringify(modules.map(sourceOf)))
    this.#pipe.send(encode(settings))
  }

  /** It takes no more calls: another one has to be started. */
  get isOver(): boolean {
    return this.#isOver
  }

  /**
   * The answer to a call.
   *
   * @throws {ErrandError} `invalid` when the process ended or took too long, and what `answer` throws.
   */
  call({ message, what, limitMs, answer }: Call): Datum {
    this.#pipe.send(encode(message))
    for (;;) {
      const received = this.#pipe.receive(limitMs)
      const said =
        received.kind === 'frame'
          ? read(received.text, what)
          : this.#fail(received, { what, limitMs })
      const ask = field(said, 'ask')
      if (typeof ask !== 'string') return said
      const host = field(said, 'host')
      const reply = this.#reply(answer, {
        ask,
        name: textOf(field(said, 'name')),
        host: typeof host === 'string' ? host : undefined,
      })
      this.#pipe.send(encode(new Map([['answer', reply]])))
    }
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    this.#pipe[Symbol.dispose]()
  }

  /** A plugin that does not get its answer would wait for it for ever. */
  #reply(answer: Call['answer'], question: Question): Datum {
    try {
      return answer(question)
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  #fail(
    received: Exclude<Received, { readonly kind: 'frame' }>,
    { what, limitMs }: Pick<Call, 'what' | 'limitMs'>,
  ): never {
    this.#isOver = true
    if (received.kind === 'end') {
      throw new ErrandError(
        'invalid',
        `the Python process of plugins ended while it ran the ${what}: ${received.reason}`,
      )
    }
    const seconds = limitMs / 1000
    throw new ErrandError(
      'invalid',
      `the ${what} took longer than ${seconds} s and was ended: ERRAND_PLUGIN_SECONDS sets another limit`,
    )
  }
}

function read(text: string, what: string): Datum {
  try {
    return decode(text)
  } catch (cause) {
    const why = sentenceOf(cause)
    throw new ErrandError('invalid', `the ${what} gave what cannot be read: ${why}`, { cause })
  }
}

function sourceOf(name: string): readonly [string, string] {
  return [`errand_${name}`, asset(`controller/plugins/python/${name}.py`)]
}
