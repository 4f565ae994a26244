import type { Datum } from '../python/datum.ts'

/** A parsed JMESPath expression. */
export type Query =
  | { readonly kind: 'current' }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: Datum }
  | { readonly kind: 'index'; readonly place: number }
  | { readonly kind: 'slice'; readonly parts: readonly (number | undefined)[] }
  | { readonly kind: 'sub' | 'pipe'; readonly left: Query; readonly right: Query }
  | {
      readonly kind: 'list projection' | 'map projection'
      readonly left: Query
      readonly right: Query
    }
  | { readonly kind: 'filter'; readonly left: Query; readonly test: Query; readonly right: Query }
  | { readonly kind: 'flatten'; readonly of: Query }
  | { readonly kind: 'list'; readonly items: readonly Query[] }
  | { readonly kind: 'map'; readonly pairs: readonly (readonly [string, Query])[] }
  | { readonly kind: 'or' | 'and'; readonly left: Query; readonly right: Query }
  | { readonly kind: 'not'; readonly of: Query }
  | {
      readonly kind: 'compare'
      readonly operator: string
      readonly left: Query
      readonly right: Query
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Query[] }
  | { readonly kind: 'reference'; readonly to: Query }
