import type { Datum } from '../python/datum.ts'
import type { Operator } from '../python/arithmetic.ts'

/** Where a node begins in the template, from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** The arguments of a call, before they are evaluated. */
export interface CallArguments {
  readonly positional: readonly Expression[]
  readonly named: readonly (readonly [string, Expression])[]
  readonly spread?: Expression
  readonly spreadNamed?: Expression
}

/** An operator that compares. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

/** An expression. */
export type Expression = { readonly place: Place } & (
  | { readonly kind: 'constant'; readonly value: Datum }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'item'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'slice'; readonly parts: readonly (Expression | undefined)[] }
  | { readonly kind: 'list' | 'tuple'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly pairs: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'call'; readonly callee: Expression; readonly args: CallArguments }
  | {
      readonly kind: 'filter'
      readonly of: Expression
      readonly name: string
      readonly args: CallArguments
    }
  | {
      readonly kind: 'test'
      readonly of: Expression
      readonly name: string
      readonly args: CallArguments
    }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'sign'; readonly operator: '+' | '-'; readonly of: Expression }
  | {
      readonly kind: 'logic'
      readonly operator: 'and' | 'or'
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'arithmetic'
      readonly operator: Operator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'concat'; readonly parts: readonly Expression[] }
  | {
      readonly kind: 'compare'
      readonly first: Expression
      readonly rest: readonly (readonly [Comparison, Expression])[]
    }
  | {
      readonly kind: 'choice'
      readonly test: Expression
      readonly whenTrue: Expression
      readonly otherwise: Expression | undefined
    }
  | { readonly kind: 'filtered block' }
)

/** What `set` and `for` may assign to. */
export type Target =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'namespace'; readonly name: string; readonly attribute: string }
  | { readonly kind: 'tuple'; readonly items: readonly Target[] }

/** A parameter of a macro, with its default. */
export interface Parameter {
  readonly name: string
  readonly otherwise: Expression | undefined
}

/** What a macro or a call block is made of. */
export interface MacroParts {
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly Statement[]
}

/** A statement of a template. */
export type Statement = { readonly place: Place } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly value: Expression }
  | {
      readonly kind: 'if'
      readonly branches: readonly (readonly [Expression, readonly Statement[]])[]
      readonly otherwise: readonly Statement[]
    }
  | {
      readonly kind: 'for'
      readonly target: Target
      readonly items: Expression
      readonly test: Expression | undefined
      readonly isRecursive: boolean
      readonly body: readonly Statement[]
      readonly otherwise: readonly Statement[]
    }
  | { readonly kind: 'set'; readonly target: Target; readonly value: Expression }
  | {
      readonly kind: 'set block'
      readonly target: Target
      readonly filter: Expression | undefined
      readonly body: readonly Statement[]
    }
  | {
      readonly kind: 'with'
      readonly values: readonly (readonly [Target, Expression])[]
      readonly body: readonly Statement[]
    }
  | { readonly kind: 'macro'; readonly macro: MacroParts }
  | { readonly kind: 'call block'; readonly call: Expression; readonly caller: MacroParts }
  | {
      readonly kind: 'filter block'
      readonly filter: Expression
      readonly body: readonly Statement[]
    }
  | {
      readonly kind: 'block'
      readonly name: string
      readonly isScoped: boolean
      readonly isRequired: boolean
      readonly body: readonly Statement[]
    }
  | { readonly kind: 'extends'; readonly parent: Expression }
  | {
      readonly kind: 'include'
      readonly name: Expression
      readonly isOptional: boolean
      readonly hasContext: boolean
    }
  | {
      readonly kind: 'import'
      readonly name: Expression
      readonly as: string
      readonly hasContext: boolean
    }
  | {
      readonly kind: 'from import'
      readonly name: Expression
      readonly names: readonly (readonly [string, string])[]
      readonly hasContext: boolean
    }
  | { readonly kind: 'do'; readonly value: Expression }
  | { readonly kind: 'loop control'; readonly action: 'break' | 'continue' }
)

/** A parsed template. */
export interface TemplateNode {
  readonly body: readonly Statement[]
}
