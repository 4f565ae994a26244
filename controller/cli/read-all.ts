import { messages, type Incoming } from '../../proto/stream.ts'

/** All messages of a call, for answers that are short enough to be shown as one table. */
export async function readAll<Message, Result>(
  call: Incoming<Message>,
  { map, signal }: { readonly map: (message: Message) => Result; readonly signal: AbortSignal },
): Promise<readonly Result[]> {
  const all: Result[] = []
  for await (const message of messages(call, signal)) all.push(map(message))
  return all
}
